/**
 * Of several instances one does more, or does it more slowly: users meet it by chance, so the median is fine and the tail is not.
 * Instances are told by the names of their probes, alike but for what they end in: shop-1, shop-2.
 */
import { median } from '../../runner/stats/few.ts'
import { quantileOver } from '../../runner/stats/quantile.ts'
import { kindOf } from '../attribution/resources.ts'
import { reading } from '../attribution/words.ts'
import { again, type Case, type Diagnosis } from './illness.ts'
import { type Watched, watchedIn } from './watched.ts'

/** What instances have alike while all is well, and from which difference on they don't. */
const compared: readonly { readonly what: RegExp; readonly least: number }[] = [
  { what: /^(response_time|event_loop_delay)$/, least: 20 }, // ms
  { what: /^(under_way|in_flight|active|listen_queue)$/, least: 2 },
  { what: /^(event_loop|throttled)$/, least: 0.2 },
  { what: /^cpu$/, least: 0.1 }, // cores
]
const times = { apart: 2, share: 1.5, tail: 3 } as const
const tailMatters = 20 // ms
const mostLines = 4

type Instance = { readonly name: string; readonly value: number }

const from = ({ attribution }: Case): number => ('breach' in attribution ? (attribution.breach?.at ?? 0) : 0)

/** Medians of one measure, the highest first. */
const byInstance = (resources: readonly Watched[], since: number): Instance[] =>
  resources
    .flatMap(({ service, readings }) => {
      const values = readings.filter(({ at }) => at >= since).map(({ value }) => value)
      return values.length === 0 ? [] : [{ name: service, value: median(values) }]
    })
    .toSorted((a, b) => b.value - a.value)

const listed = (instances: readonly Instance[], unit: string): string => instances.map(({ name, value }) => `${name} ${reading(value, unit)}`).join(', ')

type Odd = { readonly name: string; readonly told: string }

const oddOf = (all: readonly Watched[], since: number): Odd[] =>
  compared.flatMap(({ what, least }) =>
    [...new Set(all.filter((each) => what.test(each.what)).map((each) => each.what))].flatMap((measure): Odd[] => {
      const same = all.filter((each) => each.what === measure)
      const [first, second, ...others] = byInstance(same, since)
      if (first === undefined || second === undefined || first.value < times.apart * second.value || first.value - second.value < least) return []
      const unit = same[0]?.unit ?? ''
      return [{ name: first.name, told: `${measure} was ${reading(first.value, unit)} at ${first.name}, and ${listed([second, ...others], unit)}.` }]
    }),
  )

type Share = { readonly kind: 'uneven' | 'even' | 'unknown'; readonly name: string | undefined; readonly told: string }

const shareOf = (all: readonly Watched[], since: number): Share => {
  const instances = byInstance(
    all.filter(({ what }) => what === 'requests'),
    since,
  )
  const [most, next] = instances
  if (most === undefined || next === undefined)
    return {
      kind: 'unknown',
      name: undefined,
      told: 'How many requests each of them got is unknown, because no probe of theirs counts them; a node probe does.',
    }
  if (most.value >= times.share * next.value) return { kind: 'uneven', name: most.name, told: `Requests are shared unevenly: ${listed(instances, '/s')}.` }
  return {
    kind: 'even',
    name: undefined,
    told: `Each got about the same number of requests (${listed(instances, '/s')}): it is slower, and not asked more often.`,
  }
}

/** Users meet it: something broke, or the slow end is far from the middle. */
const tailOf = ({ run, attribution }: Case): string | undefined => {
  const successes = run.endpoints.filter(({ outcome }) => outcome === 'success').map(({ responseTime }) => responseTime)
  const [p50, p95] = [quantileOver(successes, 0.5) ?? 0, quantileOver(successes, 0.95) ?? 0]
  if (p95 >= times.tail * p50 && p95 - p50 >= tailMatters)
    return `p50 of response time is ${reading(p50, 'ms')} and p95 ${reading(p95, 'ms')}: who meets that one waits, and a median does not show it.`
  return 'breach' in attribution && attribution.breach !== undefined ? `p50 of response time is ${reading(p50, 'ms')}, p95 ${reading(p95, 'ms')}.` : undefined
}

const slowerRemedies = (name: string): string[] => [
  `Take ${name} out of the balancer and look at what differs: its version, its CPU quota, its host (steal), its cache, what else runs beside it.`,
  'Let the balancer see it: upstream shop { least_conn; server …; } in nginx, balance leastconn in HAProxy, load_balancing.algorithm.type = least_outstanding_requests at an ALB.',
  'Take a slow one out by itself: proxy_next_upstream error timeout; proxy_read_timeout 2s; server … max_fails=3 fail_timeout=10s;',
]
const unevenRemedies = [
  'Look at what keeps a client at one instance: ip_hash, sticky sessions, or connections that stay open for long and carry all of their requests.',
  'In nginx: upstream shop { least_conn; server …; } with equal weights; at an ALB: load_balancing.algorithm.type = least_outstanding_requests and stickiness.enabled = false.',
]

export const loadImbalance: Diagnosis = (seen) => {
  const all = watchedIn(seen.run)
  for (const kind of new Set(all.flatMap(({ service }) => kindOf(service) ?? []))) {
    const series = all.filter(({ service }) => kindOf(service) === kind)
    if (new Set(series.map(({ service }) => service)).size < 2) continue
    const tail = tailOf(seen)
    const odd = oddOf(series, from(seen))
    const share = shareOf(series, from(seen))
    const name = share.kind === 'uneven' ? share.name : odd[0]?.name
    if (tail === undefined || name === undefined) continue
    return {
      illness: 'load-imbalance',
      name: share.kind === 'uneven' ? 'Load shared unevenly' : 'One instance is slower than the others',
      evidence: [
        ...odd
          .filter((each) => each.name === name)
          .map(({ told }) => told)
          .slice(0, mostLines),
        share.told,
        tail,
      ],
      remedy: share.kind === 'uneven' ? unevenRemedies : slowerRemedies(name),
      confirm: again(seen, `${kind}'s instances stay within ${times.share} times of each other`),
    }
  }
  return undefined
}
