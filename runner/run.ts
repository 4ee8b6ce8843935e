/**
 * The Run: what happened, and the only thing later stages read. Immutable, versioned, JSON on disk.
 * `run.json` holds everything but the timeline; `timeline.ndjson.gz` beside it holds one line a second, and further lines for what was
 * told of a second later: lines of the same second add up.
 * Times in milliseconds, moments in seconds since the start, rates per second, ratios 0–1, sizes in bytes.
 */
import { z } from 'zod'
import { testTypes } from '../scenarios/journey.ts'
import type { Shape } from '../scenarios/shape.ts'

export const runFormat = 1

const count = z.number().int().min(0)
const milliseconds = z.number().min(0)

const histogramSchema = z.object({
  buckets: z.array(z.number()).readonly().describe('alternating bucket index and count, indices rising; layout in runner/stats/histogram.ts'),
  count: z.number(),
  sum: z.number(),
  min: milliseconds,
  max: milliseconds,
})

/**
 * Why a request failed. `timeout`: no whole answer within its limit · `refused`: nobody listens · `reset`: the connection
 * was reset · `closed`: ended before a whole answer · `dns` · `tls` · `blocked`: off the allow-list · `unreachable`: no route ·
 * `protocol`: not HTTP · `other`. A failure with an answer is `HTTP <status>`.
 */
export const transportErrors = ['timeout', 'refused', 'reset', 'closed', 'dns', 'tls', 'blocked', 'unreachable', 'protocol', 'other'] as const
export type TransportError = (typeof transportErrors)[number]
export type ErrorKind = TransportError | `HTTP ${number}`

const countsByName = z.record(z.string(), count)

/** Requests of one endpoint with one outcome; failures keep their own times, apart from those of successes. */
export const cellSchema = z.object({
  endpoint: z.string(),
  outcome: z.enum(['success', 'failure']),
  count,
  statuses: countsByName.describe('answers by HTTP status; a request without an answer counts as 0'),
  errors: countsByName.describe('failures by kind: timeout, refused, …, HTTP 503'),
  responseTime: histogramSchema.describe('from when the arrival was due (first request) or its journey reached it, until the last byte'),
  serviceTime: histogramSchema.describe('from the actual send until the last byte'),
  setupTime: histogramSchema.describe('name look-up, connect and TLS: from wanting a connection to having one; requests that needed none count as 0'),
})
export type Cell = z.infer<typeof cellSchema>

const iterationsSchema = z.object({
  completed: count.describe('journeys that reached their end, failed ones included'),
  failed: count.describe('journeys that threw'),
  interrupted: count.describe('started, but cut off by the end of the run'),
  unavailable: count.describe('completed journeys that met a connection failure, a timeout or a 5xx'),
})

const checksSchema = z.record(z.string(), z.object({ passed: count, failed: count }))
const metricSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('counter'), sum: z.number() }),
  z.object({ kind: z.literal('trend'), values: histogramSchema }),
])

/** What one second holds beside its cells; every field adds up over parts, seconds and shards, but `users`, which is the most at once. */
export const secondSchema = z.object({
  second: count.describe('whole seconds since the start; requests and journeys count where they end, arrivals where they start, plans where they are due'),
  planned: count,
  started: count,
  dropped: count,
  iterations: iterationsSchema,
  users: count.describe('virtual users in use at once, at most'),
  userTime: z
    .object({ inUse: z.number().min(0), held: z.number().min(0) })
    .optional()
    .describe(
      'seconds of virtual users: in use during this second, and for which the journeys that ended in it had kept theirs; by Little’s law alike over a run',
    ),
  lag: histogramSchema.describe('start minus due of each started arrival'),
  journeyTime: z.record(z.string(), histogramSchema).describe('by journey: from due to its end, think time apart; failed journeys left out'),
  cells: z.array(cellSchema),
  checks: checksSchema,
  groups: z.record(z.string(), histogramSchema),
  metrics: z.record(z.string(), metricSchema),
  bytesReceived: z.number().min(0),
  bytesSent: z.number().min(0),
})
export type TimelineSecond = z.infer<typeof secondSchema>

export const loadSchema = z.object({
  planned: count.describe('arrivals due'),
  started: count.describe('arrivals started'),
  dropped: count.describe('arrivals due and never started; planned = started + dropped'),
  completed: count.describe('requests with an outcome, failures included'),
  failed: count.describe('requests that failed'),
})

/** A reason to believe a run less, with its evidence; `code` is stable, `text` is for people. */
export const caveatSchema = z.object({ code: z.string(), text: z.string() })
export type Caveat = z.infer<typeof caveatSchema>

export const validitySchema = z.object({ state: z.enum(['VALID', 'SUSPECT', 'INVALID']), reasons: z.array(caveatSchema) })
export type Validity = z.infer<typeof validitySchema>

const segmentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('linear'), label: z.string(), duration: z.number(), from: z.number(), to: z.number() }),
  z.object({ kind: z.literal('decay'), label: z.string(), duration: z.number(), from: z.number(), floor: z.number(), tau: z.number() }),
])
const shapeSchema = z.object({ name: z.string(), segments: z.array(segmentSchema), arrivals: z.enum(['uniform', 'poisson']) })

/** A series a probe has read. `null` is a gap, kept as one. `limit` where the resource has one: saturation = value ÷ limit. */
export const seriesSchema = z.object({
  name: z.string(),
  unit: z.string(),
  limit: z.number().nullable(),
  at: z.array(z.number()).describe('seconds since the start'),
  values: z.array(z.number().nullable()),
})
export type Series = z.infer<typeof seriesSchema>

/** What a probe saw that is no series, such as one of the slowest queries. */
export const observationSchema = z.object({
  probe: z.string(),
  kind: z.string().describe('query, table, setting, …: what `values` mean'),
  subject: z.string().describe('the query, the table, the setting'),
  values: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).describe('times in ms, sizes in bytes'),
  history: z
    .array(z.object({ from: z.number(), until: z.number(), calls: z.number(), total: z.number() }))
    .optional()
    .describe('of a query: calls and their time in ms by stretches of the run; a stretch that is missing had little of it'),
})
export type Observation = z.infer<typeof observationSchema>

/** A probe of the configuration, and how well it could read. */
const watchedSchema = z.object({
  name: z.string(),
  kind: z.string().nullable().describe('postgres, process, …; what its series mean stands in runner/probes/probes.md'),
  readings: count.describe('that were due'),
  missed: count.describe('of these: failed, late or left out after a failure'),
  absent: z.string().optional().describe('why it did not start'),
})

/** One concurrency of a closed-loop sweep, counted after its warm-up. Raw counts, so that any interval or model can be made of them later. */
const sweepLevelSchema = z.object({
  connections: count.describe('N: connections, each with one request under way'),
  from: z.number().describe('seconds since the start at which counting began, the warm-up over'),
  seconds: z.number().describe('length of the counted stretch'),
  completed: count.describe('requests that ended in it, failures included'),
  failed: count,
  errors: countsByName,
  batches: z.array(count).readonly().describe('successes in each batch, in order'),
  serviceTime: histogramSchema.describe('successes, from the actual send until the last byte'),
  underWay: milliseconds.describe('sum of the times of all that completed, connection set-up included; ÷ length = mean number under way'),
  busy: z.number().describe('share of its time in which the generator’s thread had work, 0–1'),
})
export type SweepLevel = z.infer<typeof sweepLevelSchema>

/** A closed-loop sweep: N connections at a time, each sending as soon as it was answered. No arrival was due, so there is no response time. */
export const sweepSchema = z.object({
  requests: z.array(z.string()).readonly().describe('what each connection asked for, in turn'),
  planned: z.array(count).readonly().describe('connections of each level'),
  hold: z.number().describe('seconds of a level, warm-up included'),
  warmUp: z.number().describe('seconds left out at the beginning of each level'),
  leadIn: z.number().describe('seconds by which the first level is longer, left out too'),
  pause: z.number().describe('seconds between levels'),
  batch: z.number().describe('seconds of a batch'),
  levels: z.array(sweepLevelSchema).readonly().describe('levels that were held to their end'),
  stopped: z.string().describe('why there was no further level'),
})
export type Sweep = z.infer<typeof sweepSchema>

/** What a breakpoint test was asked to be, so that it is judged the same whenever it is looked at. */
const breakpointSchema = z.object({
  objective: z
    .object({ quantile: z.number().gt(0).lt(1), milliseconds: z.number().positive() })
    .optional()
    .describe('response time that a step must hold; absent: as breakpoint.md says'),
  instances: z.number().int().min(1).optional().describe('that served, fixed for the whole run: capacity is told for each'),
  elastic: z
    .object({ metricPeriod: z.number().positive(), startUp: z.number().min(0) })
    .optional()
    .describe('an autoscaler was at work: seconds between two points of its metric, and until an instance that was asked for serves'),
  refines: z.string().optional().describe('run between whose last good and first bad rate this one looked'),
})
/** See the schema; absent from runs that were asked nothing of it. */
export type BreakpointTest = z.infer<typeof breakpointSchema>

export const runSchema = z.object({
  format: z.literal(runFormat),
  id: z.string(),
  test: z.enum([...testTypes, 'custom']),
  startedAt: z.iso.datetime(),
  durationSeconds: z.number().describe('length of the load as it was run, until the last request ended'),
  plannedSeconds: z.number(),
  ending: z.object({
    state: z.enum(['completed', 'stopped', 'interrupted', 'failed', 'incomplete']),
    because: z.string().describe('empty when the shape ran to its end'),
  }),
  target: z.object({ url: z.string(), addresses: z.array(z.string()), server: z.string().nullable() }),
  engine: z.object({
    name: z.string(),
    version: z.string(),
    because: z.string(),
    exitCode: z.number().nullable(),
    users: count.describe('most virtual users allowed'),
    usersBecause: z.string().optional().describe('where that number comes from; absent from runs that were told only the number'),
  }),
  scenario: z.object({ file: z.string().nullable(), journeys: z.array(z.object({ name: z.string(), weight: z.number() })) }),
  shape: shapeSchema,
  warmUp: z
    .object({
      seconds: count.describe('whole seconds at the beginning that no judgement and no figure of a report counts; 0: none'),
      because: z.string().describe('who asked for it; empty when nobody did'),
    })
    .default({ seconds: 0, because: '' })
    .describe('planned before the load; this file and its timeline keep what is cut'),
  sweep: sweepSchema.optional().describe('of perf run stress --sweep; its shape holds the levels’ lengths and no rate'),
  breakpoint: breakpointSchema.optional().describe('of perf run breakpoint; absent where nothing was asked of it'),
  load: loadSchema,
  iterations: iterationsSchema,
  lag: histogramSchema,
  endpoints: z.array(cellSchema).describe('totals of the whole run by endpoint and outcome'),
  journeyTime: z.record(z.string(), histogramSchema),
  checks: checksSchema,
  groups: z.record(z.string(), histogramSchema),
  metrics: z.record(z.string(), metricSchema),
  bytesReceived: z.number(),
  bytesSent: z.number(),
  preflightRequests: count.describe(
    'requests beside the load: of the preflight, of the pilot and, each ten seconds, to see who the target is; in no other figure',
  ),
  probes: z.array(seriesSchema),
  observations: z.array(observationSchema).optional().describe('absent in runs of older versions'),
  watched: z.array(watchedSchema).optional().describe('probes of the configuration; absent in runs of older versions'),
  caveats: z.array(caveatSchema),
  validity: validitySchema,
  provenance: z.object({
    version: z.string(),
    node: z.string(),
    platform: z.string(),
    cpus: z.object({ model: z.string(), count }),
    memoryBytes: z.number(),
    gitCommit: z.string().nullable(),
    seed: z.number(),
    command: z.array(z.string()),
    configuration: z.record(z.string(), z.unknown()),
  }),
})

/** Everything in run.json. */
export type RunRecord = z.infer<typeof runSchema>

/**
 * The seconds of a run, in order and without holes between the first and the last. An array is one; of a long run they are kept packed
 * and unpacked each time they are asked for, so ask for them once and keep what is needed rather than the seconds.
 */
export type Seconds = Iterable<TimelineSecond> & {
  readonly length: number
  at(second: number): TimelineSecond | undefined
  slice(from: number, until: number): readonly TimelineSecond[]
}

export type Run = RunRecord & { readonly timeline: Seconds }

/** Seconds at the beginning that nothing judges, and who asked for that; see {@link afterWarmUp}. */
export type WarmUp = RunRecord['warmUp']

/** The shape that was offered; JSON keeps its numbers and not the brand of their unit. */
export const shapeOf = (run: Pick<RunRecord, 'shape'>): Shape => run.shape as unknown as Shape

/** The published JSON Schema of run.json. */
export const runJsonSchema = (): unknown => z.toJSONSchema(runSchema)
