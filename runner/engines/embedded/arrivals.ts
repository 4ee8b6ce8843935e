/** The arrivals of one of several workers: every n with n ≡ worker modulo workers. */
import { type Shape, schedule } from '../../../scenarios/shape.ts'
import type { Milliseconds } from '../../stats/histogram.ts'
import type { Arrival } from './scheduler.ts'

/** Each worker walks the whole schedule, some tens of nanoseconds an arrival: that keeps Poisson arrivals the same for any number of workers. `origin` is the start on the worker's clock. */
export function* arrivalsOf(
  shape: Shape,
  seed: number,
  { worker, workers, origin }: { worker: number; workers: number; origin: Milliseconds },
): Generator<Arrival, void, void> {
  let number = 0
  for (const due of schedule(shape, seed)) {
    if (number % workers === worker) yield { number, due: origin + due * 1000 }
    number += 1
  }
}

/** Virtual users of one worker. They differ by one at most, and the first workers have more. */
export const usersOf = (users: number, worker: number, workers: number): number => Math.floor(users / workers) + (worker < users % workers ? 1 : 0)
