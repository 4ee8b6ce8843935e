/** How much of what the instances hold is asked of them, and how many more of them there may be. */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { countOf, figure, percent } from '../../figure.ts'
import type { Alert } from '../recommendation.ts'
import type { Evidence } from './evidence.ts'
import { rounded, thresholds } from './thresholds.ts'

const points = 3 // metric periods in a row that an autoscaler waits for: an alert before them would be about its ordinary work
const usualPeriod = 60 // seconds

/** Seconds after which scaling should have begun. */
export const scalingShouldHave = ({ decided: { scaling } }: Pick<Evidence, 'decided'>): number => points * (scaling?.period ?? usualPeriod)

/** The load of an ordinary second, by chance, above the ordinary rate: arrivals come by Poisson's law, over ten seconds. */
const arrivalsFloor = (rate: number): number => rate + (3 * Math.sqrt(rate * 10)) / 10

export const capacityAlert = (evidence: Evidence): readonly (Alert | Declined)[] => {
  const { knee, ordinaryRate, perArrival, decided } = evidence
  if (decided.capacity === undefined)
    return [
      declined(
        'No alert on the capacity in use, because what an instance can serve within the objective was not measured. Run perf run breakpoint on one instance.',
      ),
    ]
  // Against what is recommended to be counted with: of several runs that may be another one.
  const shareOf = (arrivals: number): number => (arrivals * perArrival) / (decided.capacity ?? 0)
  const [critical, ordinary] = [shareOf(knee.knee), shareOf(ordinaryRate)]
  const found = thresholds('the capacity in use', { wanted: (ordinary + critical) / 2, critical, floor: shareOf(arrivalsFloor(ordinaryRate)) }, percent)
  if ('declined' in found) return [found]
  const above =
    knee.knee < knee.held
      ? `${figure(knee.held * perArrival, '/s')} still held, more slowly`
      : knee.isBroken
        ? 'no higher rate held'
        : 'what lies above was not measured'
  return [
    {
      name: 'Capacity in use',
      severity: 'high',
      metric: 'capacity',
      warn: rounded(found.warn),
      critical: rounded(found.critical),
      lasting: scalingShouldHave(evidence),
      because: `In run ${knee.run} one instance answered as in the calm up to ${figure(knee.knee * perArrival, '')} requests a second, ${percent(critical)} of the ${figure(decided.capacity, '')} that are counted with; ${above}. The warning is halfway to it from the ${percent(ordinary)} that are ordinary.`,
    },
  ]
}

export const instancesAlert = ({ decided: { scaling, capacity: measured, capacityAtSize } }: Evidence): readonly (Alert | Declined)[] => {
  if (scaling === undefined) return [declined('No alert on the number of instances, because no maximum is recommended.')]
  const { minimum, maximum } = scaling
  if (maximum - 1 <= minimum)
    return [declined(`No alert on the number of instances, because between ${minimum} at least and ${maximum} at most there is none that would be a warning.`)]
  const capacity = capacityAtSize ?? measured
  const holds = capacity === undefined ? '' : `, which hold ${figure(maximum * capacity, '/s')}`
  return [
    {
      name: 'Instances at maximum',
      severity: 'low',
      metric: 'instances',
      warn: maximum - 1,
      critical: maximum,
      lasting: scaling.scaleOutCooldown + points * scaling.period,
      because: `${countOf(maximum, 'instance')} are the recommended maximum${holds}: there the autoscaler can't help any more. It must stay so for longer than a cooldown and ${points} periods of the autoscaler.`,
    },
  ]
}
