/**
 * summary.json: the small, stable contract that other programs read. Milliseconds, seconds, ratios 0–1, rates per second.
 * A figure that can't be stated is null, and a caveat says why; it is never 0. JSON has no Infinity: that is null with a caveat too.
 */

import { z } from 'zod'
import type { Attribution } from '../budgets/attribution/attribute.ts'
import type { Suspect } from '../budgets/attribution/suspect.ts'
import { breakingOrder } from '../budgets/capacity/breaking-order.ts'
import { loadSchema } from '../runner/run.ts'
import type { Declined, Interval } from '../runner/within-run.ts'
import { testTypes } from '../scenarios/journey.ts'
import type { PageFigure } from './pages.ts'
import type { Percentiles, Renderer, Report } from './report.ts'

const summaryFormat = 1

const stated = z.number().nullable()
const times = z
  .object({
    p50: stated,
    p90: stated,
    p95: stated,
    p99: stated,
    p999: stated,
    max: stated,
    atLeast: z.record(z.string(), z.number()).optional().describe('what those without a number are at least, by name'),
  })
  .describe('milliseconds; null: too few answers, or so many never answered that it has no number; see caveats')
const declined = z.object({ declined: z.literal(true), because: z.string() })
const interval = z.union([
  z
    .object({ low: stated, high: stated.describe('null: without end'), level: z.literal(0.95), kind: z.literal('within-run') })
    .describe('how sure this run is of its own figure; it says nothing of the next run and compares no two runs'),
  declined,
])
const sweptThroughput = z.object({ mean: z.number(), low: z.number(), high: z.number() }).describe('successful answers per second, with its 95 % interval')
const errorRate = stated.describe('failed ÷ completed requests, 0–1')

const visited = z.object({
  visits: z.number().int().describe('of which it is known'),
  median: stated.describe('null: fewer than 3 visits'),
  low: stated,
  high: stated.describe('95 % interval of the median; null: fewer than 6 visits'),
})
const visits = z.object({ unloaded: z.number().int(), underLoad: z.number().int(), atPeak: z.number().int().nullable() })
const pages = z.array(
  z.object({
    name: z.string(),
    url: z.string(),
    visits: visits.describe('those that failed included; atPeak null: the load had no peak'),
    failed: visits.describe('visits on which the page never came'),
    because: z.string().describe('what load did to the page'),
    figures: z.record(
      z.string(),
      z.object({ unit: z.enum(['ms', 'score', 'count', 'bytes']), unloaded: visited, underLoad: visited, atPeak: visited.nullable() }),
    ),
    pictures: z.array(z.string()).describe('files in the run’s folder'),
  }),
)

export const summarySchema = z.object({
  format: z.literal(summaryFormat),
  id: z.string(),
  test: z.enum([...testTypes, 'custom']),
  engine: z.object({ name: z.string(), version: z.string() }),
  target: z.string(),
  startedAt: z.iso.datetime(),
  durationSeconds: z.number(),
  verdict: z.enum(['pass', 'fail', 'unknown']),
  because: z.string().describe('one sentence: the reason that decided'),
  validity: z.enum(['VALID', 'SUSPECT', 'INVALID']).describe('may the run be believed at all'),
  caveats: z.array(z.object({ code: z.string(), text: z.string() })),
  exitCode: z.number().int(),
  load: loadSchema.describe('arrivals and requests that count: those after the warm-up; planned = started + dropped'),
  warmUp: z
    .object({ seconds: z.number(), because: z.string(), load: loadSchema, p95: stated.describe('response time of its successes, ms') })
    .nullable()
    .describe('what was planned to be in no other figure here but durationSeconds; null: nothing was cut'),
  throughput: stated.describe('successful answers per second'),
  errorRate,
  errors: z.array(z.object({ kind: z.string(), count: z.number().int() })).describe('failures by kind, most first'),
  responseTime: times.describe('successes, from when the arrival was due; dropped arrivals and timeouts count as never answered'),
  serviceTime: times.describe('successes, from the actual send; timeouts count as never answered'),
  responseTimeIntervals: z
    .union([z.object({ p50: interval, p90: interval, p95: interval, p99: interval }), declined])
    .describe('ms; moving-block bootstrap over the seconds of this run'),
  setupTime: times.describe('name look-up, connect and TLS of successes, a part of response time; 0 where a connection was open'),
  lag: times.describe('from due to started, a part of response time'),
  endpoints: z.array(
    z.object({
      name: z.string(),
      completed: z.number().int(),
      failed: z.number().int(),
      throughput: stated,
      errorRate,
      responseTime: times,
      serviceTime: times,
    }),
  ),
  budgets: z.array(
    z.object({
      name: z.string(),
      level: z.enum(['error', 'warn', 'off']),
      status: z.enum(['met', 'exceeded', 'unknown']),
      observed: stated.describe('null: can’t be stated, or has no number because too many were never answered'),
      limit: z.object({ is: z.enum(['at_most', 'at_least']), value: z.number() }),
      unit: z.enum(['ms', 'ratio', '/s', 'count', '']),
      interval: interval.nullable().describe('of observed, in its unit; null: not a percentile, or not stated'),
      headroom: stated.describe('share of the limit left over; below 0 when exceeded'),
      because: z.string(),
    }),
  ),
  saturation: z.array(z.object({ resource: z.string(), used: z.number(), limit: z.number(), ratio: z.number() })).describe('each resource at its worst moment'),
  capacity: z
    .union([
      z.object({
        unit: z.literal('arrivals/s'),
        lastGood: stated.describe('highest rate that held'),
        firstBad: stated.describe('lowest rate that did not; null: none was found'),
        because: z.string(),
      }),
      declined,
    ])
    .nullable(),
  resources: z
    .array(
      z.object({
        resource: z.string(),
        servers: z.number().describe('cores, connections'),
        demand: stated.describe('s of one server for a request; null: use does not follow the rate'),
        fullAt: stated.describe('successful requests per second; null: it can’t be told, because says why'),
        because: z.string(),
      }),
    )
    .optional()
    .describe('what serves the requests, the one that is full first before the others'),
  sweep: z
    .object({
      requests: z.array(z.string()),
      stopped: z.string().describe('why there was no further level'),
      plateau: z.union([
        z.object({
          connections: z.number().int().describe('fewest that reach it'),
          falls: z.boolean().describe('more connections gave clearly less'),
          throughput: sweptThroughput,
          because: z.string(),
        }),
        declined.extend({ atLeast: stated.describe('throughput that was reached in any case') }),
      ]),
      levels: z.array(
        z.object({
          connections: z.number().int(),
          throughput: sweptThroughput.nullable(),
          completed: z.number().int(),
          errorRate,
          serviceTime: times,
          residual: z.number().describe('of Little’s law: |N − X·R| ÷ N'),
          generatorBusy: z.number().describe('share of its time in which the generator’s thread had work'),
          excluded: z.string().nullable().describe('why the level says nothing of the target'),
        }),
      ),
    })
    .optional()
    .describe('of perf run stress --sweep'),
  attribution: z
    .object({
      state: z.enum(['named', 'unclear', 'normal', 'declined']),
      at: stated.describe('second at which the run left its normal; null: it did not, or nobody can tell'),
      cause: z.string().nullable().describe('what broke first: a series, or a statement'),
      confidence: z.enum(['high', 'medium', 'low']).nullable(),
      because: z.string().describe('the sentence with the figures; where none is named, why not'),
      evidence: z
        .array(
          z.object({
            name: z.string(),
            kind: z.enum(['limit', 'waiting', 'statement', 'deviation']).describe('what counts against it'),
            unit: z.string(),
            baseline: stated.describe('median before the run left its normal; of a statement ms a call'),
            atBreach: stated.describe('median of the 15 s that followed'),
            limit: stated.describe('null: it has none, or nobody knows it'),
            since: stated.describe('second since which it was so; null: no moment is known'),
          }),
        )
        .optional()
        .describe('the cause first, then what counts less; absent from summaries of older versions'),
    })
    .optional()
    .describe('what broke first'),
  illnesses: z
    .array(z.object({ illness: z.string(), name: z.string(), evidence: z.array(z.string()), remedy: z.array(z.string()), confirm: z.string() }))
    .optional(),
  pages: pages.optional().describe('what a browser saw of named pages'),
  scalingTriggers: z
    .array(
      z.object({
        name: z.string(),
        metric: z.string().describe('the series or figure that it was held against'),
        severity: z.enum(['warning', 'critical']),
        state: z.enum(['fired', 'quiet', 'unknown']).describe('unknown: nothing watched it, or the run was too short to tell'),
        at: stated.describe('second in which it first fired'),
        seconds: z.number().describe('for which it was on'),
        beforeFelt: stated.describe('seconds by which it was earlier than what users felt, below 0: later; null: it did not fire, or they felt nothing'),
        because: z.string(),
      }),
    )
    .optional()
    .describe('shipped scaling triggers held against this run; absent from summaries of older versions'),
  advice: z
    .union([
      z.object({
        madeAt: z.iso.datetime(),
        runs: z.array(z.string()),
        instances: z.object({ minimum: z.number().int(), maximum: z.number().int() }).nullable(),
        target: z
          .object({ metric: z.enum(['cpu', 'memory', 'requests', 'queue', 'p95']), value: z.number() })
          .nullable()
          .describe('cpu, memory: ratio 0–1 · requests: per second and instance · queue: messages per instance · p95: s'),
        size: z.object({ vcpu: z.number(), gigabytes: z.number(), architecture: z.enum(['x86', 'arm']) }).nullable(),
        monthlyCost: z.object({ now: stated, recommended: z.number(), currency: z.string() }).nullable(),
        proof: z.enum(['proved', 'not proved']).nullable().describe('null: nobody ran it'),
        declined: z.array(z.string()).describe('what can’t be recommended, each with the reason'),
      }),
      declined,
    ])
    .nullable()
    .describe('what to deploy (perf advise); null: nobody asked; advice.json beside the run has all of it'),
})
export type Summary = z.infer<typeof summarySchema>

/** The published JSON Schema of summary.json. */
export const summaryJsonSchema = (): unknown => ({ title: 'summary.json of scale-surgeon', ...z.toJSONSchema(summarySchema) })

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null)
/** A thousandth of a millisecond is finer than any bucket; more digits would only be noise. */
const rounded = (value: number | null): number | null => (value === null || !Number.isFinite(value) ? null : Math.round(value * 1000) / 1000)
const finiteTimes = ({ p50, p90, p95, p99, p999, max, atLeast }: Percentiles): Summary['responseTime'] => ({
  p50: rounded(p50),
  p90: rounded(p90),
  p95: rounded(p95),
  p99: rounded(p99),
  p999: rounded(p999),
  max: rounded(max),
  ...(atLeast && { atLeast: Object.fromEntries(Object.entries(atLeast).map(([name, value]) => [name, Math.round(value * 1000) / 1000])) }),
})

const finiteInterval = (within: Interval | Declined): z.infer<typeof interval> =>
  'declined' in within ? within : { ...within, low: rounded(within.low), high: rounded(within.high) }

const intervalsOf = ({ intervals }: Report): Summary['responseTimeIntervals'] => {
  if ('declined' in intervals) return intervals
  const { p50, p90, p95, p99 } = intervals
  return { p50: finiteInterval(p50), p90: finiteInterval(p90), p95: finiteInterval(p95), p99: finiteInterval(p99) }
}

const capacityOf = ({ breakpoint }: Report): Summary['capacity'] => {
  if (breakpoint === undefined) return { declined: true, because: 'This test does not look for the limit. A breakpoint test does: perf run breakpoint.' }
  const { because } = breakpoint
  return breakpoint.found
    ? { unit: 'arrivals/s', lastGood: breakpoint.lastGood, firstBad: breakpoint.firstBad, because }
    : { unit: 'arrivals/s', lastGood: breakpoint.atLeast, firstBad: null, because }
}

const resourcesOf = ({ capacity }: Report): Pick<Summary, 'resources'> => {
  if (capacity === undefined || capacity.resources.length === 0) return {}
  const { order, unknown } = breakingOrder(capacity)
  const because = new Map([...order, ...unknown].map((each) => [each.resource, each.because]))
  return {
    resources: capacity.resources.map(({ resource, servers, demand, rate }) => ({
      resource,
      servers,
      demand: demand.declined ? null : demand.demand,
      fullAt: typeof rate === 'number' ? rate : null,
      because: because.get(resource) ?? '',
    })),
  }
}

const sweepOf = ({ requests, stopped, plateau, levels }: NonNullable<Report['sweep']>): NonNullable<Summary['sweep']> => ({
  requests: [...requests],
  stopped,
  plateau: plateau.found
    ? {
        connections: plateau.connections,
        falls: plateau.kind === 'falls',
        throughput: { mean: plateau.throughput.mean, low: plateau.throughput.low, high: plateau.throughput.high },
        because: plateau.because,
      }
    : { declined: true, because: plateau.because, atLeast: plateau.atLeast },
  levels: levels.map(({ connections, throughput, completed, errorRate, serviceTime, residual, busy, excluded }) => ({
    connections,
    throughput,
    completed,
    errorRate,
    serviceTime: finiteTimes(serviceTime),
    residual,
    generatorBusy: busy,
    excluded,
  })),
})

const suspectsOf = (attribution: Attribution): readonly Suspect[] =>
  attribution.state === 'named' ? [attribution.cause, ...attribution.others] : attribution.state === 'unclear' ? attribution.others : []

const attributionOf = ({ findings }: Report): Pick<Summary, 'attribution' | 'illnesses'> => {
  if (findings === undefined) return {}
  const { attribution, illnesses } = findings
  const isNamed = attribution.state === 'named'
  return {
    attribution: {
      state: attribution.state,
      at: attribution.breach?.at ?? null,
      cause: isNamed ? attribution.cause.name : null,
      confidence: isNamed ? attribution.confidence : null,
      because: attribution.because,
      evidence: suspectsOf(attribution).map(({ name, kind, unit, baseline, atBreach, limit, onset: since }) => ({
        name,
        kind,
        unit,
        baseline,
        atBreach,
        limit,
        since,
      })),
    },
    illnesses: illnesses.map((each) => ({ ...each, evidence: [...each.evidence], remedy: [...each.remedy] })),
  }
}

const roundedFigure = ({ visits: known, median, low, high }: PageFigure): z.infer<typeof visited> => ({
  visits: known,
  median: rounded(median),
  low: rounded(low),
  high: rounded(high),
})

const pagesOf = ({ pages: seen }: Report): Pick<Summary, 'pages'> =>
  seen === undefined
    ? {}
    : {
        pages: seen.pages.map(({ name, url, visits: all, failed, sentence, figures, pictures }) => ({
          name,
          url,
          visits: all,
          failed,
          because: sentence,
          figures: Object.fromEntries(
            figures.map(({ what, unit, unloaded, underLoad, atPeak }) => [
              what,
              { unit, unloaded: roundedFigure(unloaded), underLoad: roundedFigure(underLoad), atPeak: atPeak && roundedFigure(atPeak) },
            ]),
          ),
          pictures: pictures.map(({ file }) => file),
        })),
      }

const adviceOf = ({ advice }: Report): Summary['advice'] => {
  if (advice === undefined) return null
  const { madeAt, runs, scaling, size, cost, now, proof } = advice
  return {
    madeAt,
    runs: [...runs],
    instances: scaling === undefined ? null : { minimum: scaling.minimum, maximum: scaling.maximum },
    target: scaling?.target ?? null,
    size: size === undefined ? null : { vcpu: size.vcpu, gigabytes: size.gigabytes, architecture: size.architecture },
    monthlyCost: cost === undefined ? null : { now: now?.cost?.monthly ?? null, recommended: cost.monthly, currency: cost.currency },
    proof: proof?.state ?? null,
    declined: [...advice.declined],
  }
}

export const summaryOf = (report: Report): Summary => {
  const { run, whole, verdict } = report
  return {
    format: summaryFormat,
    id: run.id,
    test: run.test,
    engine: { name: run.engine.name, version: run.engine.version },
    target: run.target.url,
    startedAt: run.startedAt,
    durationSeconds: whole.durationSeconds,
    verdict: verdict.word,
    because: verdict.because,
    validity: run.validity.state,
    caveats: report.caveats.map(({ code, text }) => ({ code, text })),
    exitCode: verdict.exitCode,
    load: run.load,
    warmUp: report.warmUp === undefined ? null : { ...report.warmUp, p95: rounded(report.warmUp.p95) },
    throughput: report.throughput,
    errorRate: report.errorRate,
    errors: report.errors.map(({ kind, count }) => ({ kind, count })),
    responseTime: finiteTimes(report.responseTime),
    serviceTime: finiteTimes(report.serviceTime),
    responseTimeIntervals: intervalsOf(report),
    setupTime: finiteTimes(report.setupTime),
    lag: finiteTimes(report.lag),
    endpoints: report.endpoints.map(({ name, completed, failed, throughput, errorRate, responseTime, serviceTime }) => ({
      name,
      completed,
      failed,
      throughput,
      errorRate,
      responseTime: finiteTimes(responseTime),
      serviceTime: finiteTimes(serviceTime),
    })),
    budgets: verdict.judgements.map(({ budget, status, observed, unit, headroom, because, interval: within }) => ({
      name: budget.name,
      level: budget.level,
      status,
      observed: finite(observed),
      interval: within === undefined ? null : finiteInterval(within),
      limit: budget.limit,
      unit,
      headroom: finite(headroom),
      because,
    })),
    saturation: report.saturation.map(({ resource, used, limit, ratio }) => ({ resource, used, limit, ratio })),
    capacity: capacityOf(report),
    ...resourcesOf(report),
    ...(report.sweep && { sweep: sweepOf(report.sweep) }),
    ...attributionOf(report),
    ...pagesOf(report),
    ...(report.triggers && {
      scalingTriggers: report.triggers.map(({ name, metric, severity, state, at, seconds, before, because }) => ({
        name,
        metric,
        severity,
        state,
        at,
        seconds,
        beforeFelt: before,
        because,
      })),
    }),
    advice: adviceOf(report),
  }
}

export const json: Renderer = (report) => `${JSON.stringify(summaryOf(report), null, 2)}\n`
