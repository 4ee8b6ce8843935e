/** Runs inside k6, at the end of set-up. */
import { sleep } from 'k6'
import { marks } from './metric-names.ts'

/**
 * Waits for the next whole second of the wall clock and tells the engine. k6 keeps its figures by seconds of the wall clock; a load that
 * begins with one of them makes k6's seconds and the shape's the same.
 */
export const startedAt = (): void => {
  const start = Math.ceil((Date.now() + 20) / 1000) * 1000
  console.log(`${marks.start}${start}`)
  sleep(Math.max(0, (start - Date.now() - 5) / 1000))
  while (Date.now() < start) sleep(0.0002)
}
