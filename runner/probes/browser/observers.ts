/**
 * What runs in each visited page before its own programs do: it writes down what the browser tells of the page's performance.
 * Text of a program, because types of the browser would reach into every other file.
 */

/** Moments and lengths in milliseconds of the page's own clock, which starts with the navigation. */
export type PageRecord = {
  /** Milliseconds since the navigation began at which this was written down. */
  readonly now: number
  /** From its navigation entry; 0 for what has not happened. */
  readonly navigation: { readonly responseStart: number; readonly domContentLoaded: number; readonly load: number } | null
  readonly firstPaint: number | null
  readonly largestPaint: number | null
  readonly longTasks: readonly { readonly start: number; readonly duration: number }[]
  readonly shifts: readonly { readonly start: number; readonly value: number }[]
  /** Of clicks, keys and taps, each as long as until the next frame after its handlers. */
  readonly interactions: readonly number[]
}

const slot = '__perfPage'

/** Entries that were there before an observer are told to it too (`buffered`), so it does not matter how early this runs. */
export const observers = `(() => {
  if (window !== window.top) return
  const seen = { firstPaint: null, largestPaint: null, longTasks: [], shifts: [], interactions: [] }
  const all = []
  const watch = (type, keep, more) => {
    try {
      const take = (entries) => entries.forEach(keep)
      const observer = new PerformanceObserver((list) => take(list.getEntries()))
      observer.observe({ type, buffered: true, ...more })
      all.push(() => take(observer.takeRecords()))
    } catch {}
  }
  watch('paint', (entry) => { if (entry.name === 'first-contentful-paint') seen.firstPaint = entry.startTime })
  watch('largest-contentful-paint', (entry) => { seen.largestPaint = entry.startTime })
  watch('longtask', (entry) => seen.longTasks.push({ start: entry.startTime, duration: entry.duration }))
  watch('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.shifts.push({ start: entry.startTime, value: entry.value }) })
  watch('event', (entry) => { if (entry.interactionId) seen.interactions.push(entry.duration) }, { durationThreshold: 16 })
  watch('first-input', (entry) => seen.interactions.push(entry.duration))
  Object.defineProperty(window, '${slot}', { value: () => {
    for (const take of all) take()
    const [navigation] = performance.getEntriesByType('navigation')
    return { ...seen, now: performance.now(), navigation: navigation
      ? { responseStart: navigation.responseStart, domContentLoaded: navigation.domContentLoadedEventEnd, load: navigation.loadEventEnd }
      : null }
  } })
})()`

/** Evaluated in the page, gives its {@link PageRecord}. */
export const pageRecord = `window.${slot}()`
