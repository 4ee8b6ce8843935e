/** The scenario's clock and the number of the arrival, as k6 tells them; read first in each iteration. Runs inside k6. */
import exec from 'k6/execution'

/**
 * k6's `progress` is elapsed ÷ duration and stops at 1, its run clock goes on but counts from before set-up: the first one tells the
 * second one's offset, once for each virtual user.
 * @param duration of k6's whole scenario, milliseconds
 */
export const lagClock = (duration: number) => {
  // exec.scenario and exec.instance are made anew at each access, a third of a small script's time; one object stays live.
  let scenario: typeof exec.scenario | undefined
  let instance: typeof exec.instance | undefined
  let offset = 0
  return {
    /** Milliseconds since k6 started the scenario. */
    now: (): number => {
      if (instance === undefined) {
        instance = exec.instance
        scenario ??= exec.scenario
        offset = instance.currentTestRunDuration - scenario.progress * duration
      }
      return instance.currentTestRunDuration - offset
    },
    /** From 0; counts what has started, so that it runs behind once arrivals were dropped. */
    arrival: (): number => {
      scenario ??= exec.scenario
      return scenario.iterationInTest
    },
  }
}
