/**
 * What the HorizontalPodAutoscaler makes of its wishes: out only to the lowest of one window of them, in only to the highest of another, and
 * each way no faster than its limits allow. Source: the controller's own code, Kubernetes 1.36; its documentation leaves open how a limit counts.
 */

/** Most that may change within `period` s; `in all`: pods that may be there afterwards, whatever was there. */
type PodLimit = { readonly by: 'pods' | 'percent'; readonly value: number; readonly period: number } | { readonly by: 'in all'; readonly value: number }

export type PodPace = {
  /** s of wishes of which the most cautious counts. */
  readonly window: number
  readonly limits: readonly PodLimit[]
  /** The limit that counts; `none`: never this way. */
  readonly select: 'most' | 'least' | 'none'
  /** Share of the target that a metric may be off before anything happens, 0–1. */
  readonly tolerance: number
}

export type PodBehavior = {
  readonly out: PodPace
  readonly in: PodPace
  /** The highest wish of the way in counts on the way out, too: where nobody has set any behavior. */
  readonly isPlain?: boolean
}

const doubled = { by: 'percent', value: 100, period: 15 } as const
const tolerance = 0.1
const inward: PodPace = { window: 300, limits: [doubled], select: 'most', tolerance }

/** With a behavior, whatever it leaves out. */
export const usualBehavior: PodBehavior = {
  out: { window: 0, limits: [{ by: 'pods', value: 4, period: 15 }, doubled], select: 'most', tolerance },
  in: inward,
}

/** Without any: doubled, or four in all. */
export const plainBehavior: PodBehavior = { out: { ...usualBehavior.out, limits: [{ by: 'in all', value: 4 }, doubled] }, in: inward, isPlain: true }

type Past = { readonly at: number; readonly pods: number }

/** What one limit allows. @param change pods since the beginning of its period */
const allowed = (limit: PodLimit, way: 1 | -1, there: number, changed: (period: number) => number): number => {
  if (limit.by === 'in all') return limit.value
  const before = there - changed(limit.period)
  if (limit.by === 'pods') return before + way * limit.value
  const after = before * (1 + (way * limit.value) / 100)
  // Out is rounded up, so that one pod can become two at all; in is cut off. Nothing is done about 10 × 1.1, which is more than 11 to the controller, too.
  return way === 1 ? Math.ceil(after) : Math.trunc(after)
}

/** As far as its limits let it go that way. */
const furthest = ({ limits, select }: PodPace, way: 1 | -1, there: number, changed: (period: number) => number): number => {
  if (select === 'none') return there
  const ahead = limits.map((limit) => way * allowed(limit, way, there, changed))
  return way * Math.max(way * there, select === 'most' ? Math.max(...ahead) : Math.min(...ahead))
}

/** @returns asked at each look: how many there should be @param there those that there are, starting ones included */
export const openBehavior = ({ out, in: inward, isPlain = false }: PodBehavior) => {
  const longest = Math.max(out.window, inward.window)
  const longestPeriod = Math.max(0, ...[out, inward].flatMap(({ limits }) => limits.map((limit) => (limit.by === 'in all' ? 0 : limit.period))))
  let [wishes, changes]: [readonly Past[], readonly Past[]] = [[], []]
  const stabilised = (now: number, there: number, wished: number): number => {
    // It begins with a wish for as many as there are.
    if (wishes.length === 0) wishes = [{ at: now, pods: there }]
    // Without a behavior a wish as old as the window counts, too.
    const past = wishes.filter(({ at }) => at > now - longest || (isPlain && at === now - longest))
    const within = (window: number): number[] => past.filter(({ at }) => isPlain || at > now - window).map(({ pods }) => pods)
    const [lowest, highest] = [Math.min(wished, ...within(out.window)), Math.max(wished, ...within(inward.window))]
    wishes = [...past, { at: now, pods: wished }]
    if (isPlain) return highest
    return there < lowest ? lowest : Math.min(there, highest)
  }
  return (now: number, there: number, wished: number): number => {
    const wanted = stabilised(now, there, wished)
    changes = changes.filter(({ at }) => at > now - longestPeriod)
    const changed = (period: number): number => changes.reduce((sum, { at, pods }) => sum + (at > now - period ? pods : 0), 0)
    const to = wanted > there ? Math.min(wanted, furthest(out, 1, there, changed)) : Math.max(wanted, furthest(inward, -1, there, changed))
    if (to !== there) changes = [...changes, { at: now, pods: to - there }]
    return to
  }
}
