/** How busy a resource was where answers begin to become slow, and the alert on CPU that follows. */

import { afterWarmUp } from '../../../runner/after-warm-up.ts'
import { type Declined, declined, mean } from '../../../runner/stats/few.ts'
import type { Resource } from '../../attribution/resources.ts'
import { resourcesOf } from '../../attribution/resources.ts'
import { reading } from '../../attribution/words.ts'
import { serviceDemand } from '../../capacity/service-demand.ts'
import { halvesOf, shapeOf } from '../../capacity/steps.ts'
import { figure, percent } from '../../figure.ts'
import type { Alert } from '../recommendation.ts'
import type { Evidence } from './evidence.ts'
import { scalingShouldHave } from './number.ts'
import { floorOf, windowsOf } from './ordinary.ts'
import { sourceOf } from './source.ts'
import { raisedWords, rounded, thresholds } from './thresholds.ts'

/** Everything that was watched while the load rose. */
export const resourcesIn = ({ broken }: Evidence): readonly Resource[] => resourcesOf(afterWarmUp(broken))

/** Mean of what was read in the later half of each step up to a rate, with the rate. */
const pointsOf = ({ broken }: Evidence, { readings }: Resource, most: number) =>
  halvesOf(shapeOf(broken))
    .filter(({ low }, at) => at % 2 === 1 && low <= most)
    .flatMap(({ low, high, from, until }) => {
      const read = readings.filter(({ at }) => at >= from && at < until).map(({ value }) => value)
      return read.length === 0 ? [] : [{ rate: (low + high) / 2, busy: mean(read) }]
    })

/** What a resource reads at the knee, by the line through the steps below the highest that held; declined where it does not follow the load. */
export const useAtKnee = (evidence: Evidence, resource: Resource): number | Declined => {
  const { knee } = evidence
  const line = serviceDemand(pointsOf(evidence, resource, knee.held), resource.name)
  return line.declined ? line : line.background + line.demand * knee.knee
}

/** Values at an ordinary load, of every run that watched it. */
export const ordinaryWindows = ({ ordinary }: Evidence, name: string): ReturnType<typeof windowsOf> =>
  ordinary.flatMap((each) => windowsOf(each, each.resources.find((resource) => resource.name === name)?.readings ?? []))

/** One thread has one core, however many there are: the tighter of two limits counts. */
const cpuOf = (resources: readonly Resource[]): Resource | undefined => {
  const all = resources.filter(({ what, limit }) => what === 'cpu' && limit !== null)
  const own = all.filter(({ service }) => !resources.some((each) => each.service === service && each.what === 'busiest_core'))
  const among = own.length > 0 ? own : all
  return among.find(({ name }) => name.endsWith(' of one thread')) ?? among[0]
}

const leastInUse = 0.3 // of the CPU where answers become slow: below it they are slow for another reason, and a threshold there only makes noise

export const cpuAlert = (evidence: Evidence): readonly (Alert | Declined)[] => {
  const { knee, decided } = evidence
  const cpu = cpuOf(resourcesIn(evidence))
  if (cpu === undefined || cpu.limit === null)
    return [declined('No alert on CPU, because no probe watched the CPU of the target: a process or cgroup probe does. Add it under probes, and run again.')]
  if (decided.capacityAtSize !== undefined)
    return [
      declined(
        'No alert on CPU, because another size is recommended than was measured, and how busy it may be was not seen. Run perf run breakpoint on that size, and ask again.',
      ),
    ]
  const used = useAtKnee(evidence, cpu)
  if (typeof used !== 'number') return [declined(`No alert on CPU: ${used.because}`)]
  const { limit } = cpu
  if (used < leastInUse * limit)
    return [
      declined(
        `No alert on CPU, because ${cpu.name} was ${percent(used / limit, 2)} busy where answers begin to become slow: something else makes them slow. Look at what bounds it: perf capacity ${evidence.broken.id}.`,
      ),
    ]
  const critical = Math.min(0.95, used / limit)
  const target = decided.scaling?.target.metric === 'cpu' ? decided.scaling.target.value : undefined
  const ordinary = target ?? (used / limit) * (evidence.ordinaryRate / knee.knee)
  const found = thresholds('CPU', { wanted: (ordinary + critical) / 2, critical, floor: floorOf(ordinaryWindows(evidence, cpu.name)) / limit }, percent)
  if ('declined' in found) return [found]
  return [
    {
      name: 'CPU',
      severity: 'medium',
      metric: 'cpu',
      warn: rounded(found.warn),
      critical: rounded(found.critical),
      lasting: scalingShouldHave(evidence),
      limit,
      ...sourceOf(evidence.broken, cpu.name),
      because: `In run ${knee.run} ${cpu.name} was ${reading(used, cpu.unit)} of ${reading(limit, cpu.unit)} at ${figure(knee.knee, '/s')}, where answers begin to become slow. The warning is halfway to it from ${percent(ordinary, 2)}, ${target === undefined ? 'its use at an ordinary load' : 'the scaling target'}.${raisedWords(found)}`,
    },
  ]
}
