/** A load-making thread's account of itself: its core, its event loop, its garbage. Runs inside the thread. */
import { readFileSync } from 'node:fs'
import { constants, monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8'
import { resourceLimits } from 'node:worker_threads'
import { scheduledOf } from '../../machine/proc.ts'
import type { ThreadHealth } from '../engine.ts'

type Collection = PerformanceEntry & { readonly detail: { readonly kind: number } }

const resolution = 10 // milliseconds between looks at the loop; a hundred timers a second cost a thousandth of a core

/** Concurrent work of the collector stops nobody; these do, for all of their time. */
const stopping: ReadonlySet<number> = new Set([constants.NODE_PERFORMANCE_GC_MAJOR, constants.NODE_PERFORMANCE_GC_MINOR])

/** Linux tells each thread its own times, and nobody else which thread is which. */
const scheduled = (): ReturnType<typeof scheduledOf> => {
  try {
    return scheduledOf(readFileSync('/proc/thread-self/schedstat', 'utf8'))
  } catch {
    return undefined
  }
}

/** The old generation is what fills up; a thread ends when it is full. */
const heap = (): ThreadHealth['heap'] => {
  const used = getHeapSpaceStatistics().reduce((sum, { space_name: name, space_used_size: size }) => sum + (name.startsWith('new_') ? 0 : size), 0)
  // V8 rounds the young generation that it was asked for up, to three spaces of a power of two each: 64 MB become 96.
  const young = 1.5 * (resourceLimits.maxYoungGenerationSizeMb ?? 0) * 2 ** 20
  return { used, limit: getHeapStatistics().heap_size_limit - young }
}

export class HealthMeter {
  readonly #loop = monitorEventLoopDelay({ resolution })
  #paused = 0
  #longestPause = 0
  #since: number
  #scheduled = scheduled()
  readonly #collections = new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries() as Collection[]) {
      if (!stopping.has(detail.kind)) continue
      this.#paused += duration
      this.#longestPause = Math.max(this.#longestPause, duration)
    }
  })

  constructor(private readonly now: () => number) {
    this.#since = now()
    this.#loop.enable()
    this.#collections.observe({ entryTypes: ['gc'] })
  }

  /** What happened since the last time. */
  take(): ThreadHealth {
    const now = this.now()
    const elapsed = Math.max(1, now - this.#since)
    const times = scheduled()
    const share = (of: 'ran' | 'waited'): number | null =>
      times === undefined || this.#scheduled === undefined ? null : Math.min(1, ((times[of] - this.#scheduled[of]) * 1000) / elapsed)
    const health: ThreadHealth = {
      cpu: share('ran'),
      waiting: share('waited'),
      loopDelay: Math.max(0, this.#loop.max / 1e6 - resolution),
      collecting: Math.min(1, this.#paused / elapsed),
      longestPause: this.#longestPause,
      heap: heap(),
    }
    this.#since = now
    this.#scheduled = times
    this.#paused = 0
    this.#longestPause = 0
    this.#loop.reset()
    return health
  }

  stop(): void {
    this.#loop.disable()
    this.#collections.disconnect()
  }
}
