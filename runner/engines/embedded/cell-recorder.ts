/** Adds up the requests of one endpoint with one outcome. */
import type { Cell, ErrorKind } from '../../run.ts'
import { HistogramRecorder, type Milliseconds } from '../../stats/histogram.ts'

type CellRecorder = {
  count: number
  readonly statuses: Map<number, number>
  readonly errors: Map<ErrorKind, number>
  readonly response: HistogramRecorder
  readonly service: HistogramRecorder
  readonly setup: HistogramRecorder
}
export type EndpointRecorder = { readonly name: string; success: CellRecorder | undefined; failure: CellRecorder | undefined }

export type RequestOutcome = {
  readonly endpoint: EndpointRecorder
  /** 0 without an answer. */
  readonly status: number
  /** Undefined for a success. */
  readonly failure: ErrorKind | undefined
  readonly responseTime: Milliseconds
  /** Undefined when nothing was sent. */
  readonly serviceTime: Milliseconds | undefined
  readonly setupTime: Milliseconds
  readonly tags: Readonly<Record<string, string>> | undefined
}

const newCell = (): CellRecorder => ({
  count: 0,
  statuses: new Map(),
  errors: new Map(),
  response: new HistogramRecorder(),
  service: new HistogramRecorder(),
  setup: new HistogramRecorder(),
})

export const increase = <K>(counts: Map<K, number>, key: K, by = 1): void => {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

/** The counts as plain data; the map is empty afterwards. */
export const taken = <V>(counts: Map<string | number, V>): Record<string, V> => {
  const record = Object.fromEntries(counts) as Record<string, V>
  counts.clear()
  return record
}

/** The cell of an outcome, made when it is first needed: most endpoints never fail. */
export const addTo = (outcome: RequestOutcome): void => {
  const { endpoint, failure, status, responseTime, serviceTime, setupTime } = outcome
  let cell = failure === undefined ? endpoint.success : endpoint.failure
  if (cell === undefined) {
    cell = newCell()
    endpoint[failure === undefined ? 'success' : 'failure'] = cell
  }
  cell.count += 1
  increase(cell.statuses, status)
  if (failure !== undefined) increase(cell.errors, failure)
  cell.response.add(responseTime)
  if (serviceTime !== undefined) cell.service.add(serviceTime)
  cell.setup.add(setupTime)
}

export const takeCell = (endpoint: string, outcome: Cell['outcome'], cell: CellRecorder): Cell => {
  const { count } = cell
  cell.count = 0
  return {
    endpoint,
    outcome,
    count,
    statuses: taken(cell.statuses),
    errors: taken(cell.errors),
    responseTime: cell.response.take(),
    serviceTime: cell.service.take(),
    setupTime: cell.setup.take(),
  }
}
