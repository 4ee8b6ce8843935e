/** From what a page wrote down to the figures by which a user's wait is told: pure arithmetic, in milliseconds of the page's clock. */
import type { PageRecord } from './observers.ts'

type Stretch = { readonly start: number; readonly end: number }

/** @see https://web.dev/articles/tti */
const quiet = { length: 5000, mostRequests: 2 } as const
const longTask = 50 // milliseconds; what it takes longer than that, a user has to wait for

/** Stretches in which more requests were under way than a quiet page has. @param requests `end`: undefined while it is under way */
const crowded = (requests: readonly { readonly start: number; readonly end: number | undefined }[], now: number): Stretch[] => {
  const steps = requests.flatMap(({ start, end = now }) => [[start, 1] as const, [end, -1] as const]).sort(([a, up], [b, down]) => a - b || up - down)
  const found: Stretch[] = []
  let underWay = 0
  let since = 0
  for (const [at, step] of steps) {
    if (step === 1 && underWay === quiet.mostRequests) since = at
    if (step === -1 && underWay === quiet.mostRequests + 1) found.push({ start: since, end: at })
    underWay += step
  }
  return found
}

/**
 * When a user's input is answered at once: the end of the last long task before the first 5 s without one and with at most two requests
 * under way; first contentful paint and DOMContentLoaded at least.
 * @returns null while nobody can tell: there have not been 5 s of quiet yet
 */
export const timeToInteractive = (
  { firstPaint, navigation, longTasks, now }: Pick<PageRecord, 'firstPaint' | 'navigation' | 'longTasks' | 'now'>,
  requests: readonly { readonly start: number; readonly end: number | undefined }[],
): number | null => {
  if (firstPaint === null || navigation === null || navigation.domContentLoaded === 0) return null
  const tasks = longTasks.map(({ start, duration }) => ({ start, end: start + duration }))
  const busy = [...tasks, ...crowded(requests, now)].sort((a, b) => a.start - b.start)
  let quietSince = firstPaint
  for (const { start, end } of busy) {
    if (start - quietSince >= quiet.length) break
    quietSince = Math.max(quietSince, end)
  }
  if (now - quietSince < quiet.length) return null
  const lastTask = Math.max(0, ...tasks.filter(({ end }) => end <= quietSince).map(({ end }) => end))
  return Math.max(firstPaint, navigation.domContentLoaded, lastTask)
}

/** What long tasks between the first paint and `until` took beyond 50 ms each. @example two tasks of 180 and 90 ms // 170 */
export const totalBlockingTime = ({ firstPaint, longTasks }: Pick<PageRecord, 'firstPaint' | 'longTasks'>, until: number): number | null => {
  if (firstPaint === null) return null
  return longTasks.reduce((sum, { start, duration }) => {
    const within = Math.min(start + duration, until) - Math.max(start, firstPaint)
    return sum + Math.max(0, within - longTask)
  }, 0)
}

const session = { pause: 1000, length: 5000 } as const

/** Layout shifts come in bursts: the burst that moved the most counts, of at most 5 s and without a pause of 1 s. @see https://web.dev/articles/cls */
export const cumulativeLayoutShift = (shifts: PageRecord['shifts']): number => {
  let [most, sum, began, last] = [0, 0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { start, value } of [...shifts].sort((a, b) => a.start - b.start)) {
    const isSame = start - last < session.pause && start - began < session.length
    sum = isSame ? sum + value : value
    if (!isSame) began = start
    last = start
    most = Math.max(most, sum)
  }
  return most
}

/** The longest, as for any page with fewer than 50 interactions. @returns null when there was none */
export const interactionToNextPaint = (interactions: readonly number[]): number | null => (interactions.length === 0 ? null : Math.max(...interactions))
