/** What users felt in a stretch of a run, in sentences: response time, errors, throughput, and which endpoint had most of it. */
import type { Run, TimelineSecond } from '../../runner/run.ts'
import { totalOf } from '../../runner/second-sum.ts'
import { quantileOver } from '../../runner/stats/quantile.ts'
import { count, countOf, figure, percent } from '../figure.ts'
import type { Beside } from './beside.ts'
import type { Question } from './question.ts'
import type { Topic } from './topics.ts'

type Cells = ReturnType<typeof totalOf>['cells']
type Stretch = {
  readonly answers: number
  readonly p95: number | undefined
  readonly requests: number
  readonly failed: number
  readonly kinds: readonly (readonly [string, number])[]
}

/** Seconds one after the other, so that a long run is never unpacked whole. */
function* filtered(run: Run, holds: (second: number) => boolean): Generator<TimelineSecond> {
  for (const second of run.timeline) if (holds(second.second)) yield second
}

const stretchOf = (cells: Cells): Stretch => {
  const successes = cells.filter(({ outcome }) => outcome === 'success')
  const kinds = new Map<string, number>()
  for (const { errors } of cells) for (const [kind, number] of Object.entries(errors)) if (number > 0) kinds.set(kind, (kinds.get(kind) ?? 0) + number)
  const requests = cells.reduce((sum, cell) => sum + cell.count, 0)
  const answers = successes.reduce((sum, cell) => sum + cell.count, 0)
  const times = successes.map(({ responseTime }) => responseTime)
  return { answers, p95: quantileOver(times, 0.95), requests, failed: requests - answers, kinds: [...kinds].toSorted((a, b) => b[1] - a[1]) }
}

const fewest = 20 // answers, without which there is no p95
const p95Of = ({ p95, answers }: Stretch): string =>
  p95 === undefined || answers < fewest
    ? `unknown (${countOf(answers, 'answer')}, ${fewest} are needed)`
    : `${figure(p95, 'ms')} (${countOf(answers, 'answer')})`
const errorsOf = ({ failed, requests, kinds }: Stretch): string =>
  requests === 0
    ? 'no request ended'
    : failed === 0
      ? `none of ${countOf(requests, 'request')} failed`
      : `${count(failed)} of ${countOf(requests, 'request')} failed (${percent(failed / requests, 2)}): ${kinds.map(([kind, number]) => `${count(number)} × ${kind}`).join(', ')}`

/** Cells of the seconds that hold, and how many seconds these are. */
const totalIn = (run: Run, holds: (second: number) => boolean): { readonly cells: Cells; readonly seconds: number } => {
  let seconds = 0
  const counted = (second: number): boolean => {
    const isHeld = holds(second)
    seconds += isHeld ? 1 : 0
    return isHeld
  }
  const { cells } = totalOf(filtered(run, counted))
  return { cells, seconds: Math.max(1, seconds) }
}

const mostEndpoints = 3

/** Endpoints with the longest p95, or with most failures where errors are asked for. */
const endpointLines = (cells: Cells, isOfErrors: boolean, where: string): string[] => {
  const names = [...new Set(cells.map(({ endpoint }) => endpoint))]
  const each = names.map((name) => ({ name, ...stretchOf(cells.filter(({ endpoint }) => endpoint === name)) }))
  if (isOfErrors) {
    const failing = each.filter(({ failed }) => failed > 0).toSorted((a, b) => b.failed - a.failed)
    return failing.length === 0 ? [`No endpoint had failures${where}.`] : failing.slice(0, mostEndpoints).map((one) => `${one.name}: ${errorsOf(one)}.`)
  }
  const known = each.filter(({ answers }) => answers >= fewest).toSorted((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0))
  if (known.length === 0) return [`Which endpoint was slowest${where} is unknown, because none had ${fewest} answers.`]
  return [
    names.length === 1 ? 'There is one endpoint:' : `Of ${countOf(names.length, 'endpoint')}${where}, by p95 of response time:`,
    ...known.slice(0, mostEndpoints).map((one) => `- ${one.name}: ${p95Of(one)}`),
  ]
}

/** What users felt in a stretch, beside what it is held against. */
export const felt = (run: Run, { moment, endpoint, topics, asksWhichEndpoint }: Question, other: Beside): string[] => {
  const inside = (at: number): boolean => moment === undefined || (at >= moment.from && at < moment.until)
  const when = moment === undefined ? ' over the whole run' : ` ${moment.words}`
  const now = totalIn(run, inside)
  if (asksWhichEndpoint) return endpointLines(now.cells, topics.includes('errors'), when)
  const rest = moment === undefined ? undefined : totalIn(run, other.holds)
  const mine = (cells: Cells): Stretch => stretchOf(cells.filter((cell) => endpoint === undefined || cell.endpoint === endpoint))
  const where = `${endpoint === undefined ? '' : ` of ${endpoint}`}${when}`
  const wants = (topic: Topic): boolean =>
    topics.includes(topic) || (!topics.some((each) => ['latency', 'errors', 'throughput'].includes(each)) && topic !== 'throughput')
  const beside = (told: (stretch: Stretch, seconds: number) => string): string =>
    rest === undefined || rest.cells.length === 0 ? '' : `; ${other.words} ${told(mine(rest.cells), rest.seconds)}`
  const stretch = mine(now.cells)
  return [
    ...(wants('latency') ? [`p95 of response time${where} was ${p95Of(stretch)}${beside((before) => `it was ${p95Of(before)}`)}.`] : []),
    ...(wants('errors') ? [`Errors${where}: ${errorsOf(stretch)}${beside(errorsOf)}.`] : []),
    ...(wants('throughput')
      ? [
          `Throughput${where} was ${figure(stretch.answers / now.seconds, '/s')} of successful answers${beside((before, seconds) => `it was ${figure(before.answers / seconds, '/s')}`)}.`,
        ]
      : []),
  ]
}
