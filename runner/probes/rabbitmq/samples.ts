/** What a RabbitMQ tells of itself, as samples. */
import type { Counted, Growth } from '../counters.ts'
import type { Sample, toldSamplesOf } from '../probe.ts'
import type { Node, Overview, Queue } from './management.ts'

/** What this server does not tell has no series. */
type Maker = ReturnType<typeof toldSamplesOf>

/** Letters that names of series may have. @example wordOf('mail: new') // 'mail:_new' */
export const wordOf = (queue: string): string => queue.replace(/[^\w.:/-]+/g, '_')

/** The fewest messages that an argument or a policy allows; the queue drops or refuses what comes beyond. */
const mostOf = ({ arguments: given, effective_policy_definition: policy }: Queue): number | null => {
  const all = [given?.['x-max-length'], policy?.['max-length']].filter((limit) => typeof limit === 'number')
  return all.length === 0 ? null : Math.min(...all)
}

/**
 * How long the message at the head has waited, if its publisher wrote down when; undefined where that is not told.
 * @param now seconds since 1970, as in the message @param isTold whether this queue has told of one before: its being empty is 0 then
 */
export const ageOf = ({ head_message_timestamp: from, messages_ready: depth }: Queue, now: number, isTold: boolean): number | null | undefined => {
  if (typeof from === 'number') return Math.max(0, now - from)
  return isTold ? (depth === 0 ? 0 : null) : undefined
}

const flows = { published: 'publish', delivered: 'deliver_get', acknowledged: 'ack' } as const

/**
 * What queues count, by queue and flow. RabbitMQ's own rates are not taken: where it counts more often than each 5 s they are a part of
 * what they should be.
 */
export const countedBy = (queues: readonly Queue[]): Counted =>
  Object.fromEntries(
    queues.flatMap(({ name, messages_ready, message_stats }) =>
      // A flow is counted from its first message on; before there was none.
      messages_ready === undefined ? [] : Object.entries(flows).map(([flow, counter]) => [`${flow}.${wordOf(name)}`, message_stats?.[counter] ?? 0] as const),
    ),
  )

export const queueSamples = (sample: Maker, queue: Queue, growth: Growth, age: number | null | undefined): Sample[] => {
  const { name, messages_ready, messages_unacknowledged, consumers } = queue
  const of = (what: string): string => `${what}.${wordOf(name)}`
  const rates = messages_ready === undefined ? [] : Object.keys(flows)
  return [
    ...sample(of('depth'), 'count', messages_ready, mostOf(queue)),
    ...sample(of('in_flight'), 'count', messages_unacknowledged),
    ...sample(of('consumers'), 'count', consumers),
    ...rates.flatMap((flow) => sample(of(flow), '/s', growth.rate(of(flow)))),
    ...sample(of('oldest_age'), 's', age),
  ]
}

type Use = { readonly used: number; readonly limit: number }

/** Of several nodes the one that is closest to its own limit: it is the one that stops first. */
const fullest = (nodes: readonly Node[], used: (node: Node) => unknown, limit: (node: Node) => unknown): Use | undefined =>
  nodes
    .flatMap((node) => {
      const [is, may] = [used(node), limit(node)]
      return typeof is === 'number' && typeof may === 'number' && may > 0 ? [{ used: is, limit: may }] : []
    })
    .toSorted((a, b) => b.used / b.limit - a.used / a.limit)[0]

export const nodeSamples = (sample: Maker, all: readonly Node[]): Sample[] => {
  const nodes = all.filter(({ running }) => running)
  const use = (what: string, unit: string, of: Use | undefined): Sample[] => sample(what, unit, of?.used, of?.limit)
  const free = nodes.flatMap(({ disk_free }) => disk_free ?? [])
  return [
    ...sample('nodes', 'count', nodes.length),
    ...use(
      'memory',
      'bytes',
      fullest(
        nodes,
        ({ mem_used }) => mem_used,
        ({ mem_limit }) => mem_limit,
      ),
    ),
    ...use(
      'open_files',
      'count',
      fullest(
        nodes,
        ({ fd_used }) => fd_used,
        ({ fd_total }) => fd_total,
      ),
    ),
    ...use(
      'sockets',
      'count',
      fullest(
        nodes,
        ({ sockets_used }) => sockets_used,
        ({ sockets_total }) => sockets_total,
      ),
    ),
    ...use(
      'erlang_processes',
      'count',
      fullest(
        nodes,
        ({ proc_used }) => proc_used,
        ({ proc_total }) => proc_total,
      ),
    ),
    ...sample('disk_free', 'bytes', free.length === 0 ? undefined : Math.min(...free)),
    ...sample('memory_alarms', 'count', nodes.filter(({ mem_alarm }) => mem_alarm === true).length),
    ...sample('disk_alarms', 'count', nodes.filter(({ disk_free_alarm }) => disk_free_alarm === true).length),
  ]
}

export const totalSamples = (sample: Maker, { object_totals: totals }: Overview): Sample[] => [
  ...sample('connections', 'count', totals?.connections),
  ...sample('channels', 'count', totals?.channels),
]
