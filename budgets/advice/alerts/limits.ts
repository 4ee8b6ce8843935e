/** What fills up: memory, connections, queues. */

import { afterWarmUp } from '../../../runner/after-warm-up.ts'
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { type Resource, resourcesOf } from '../../attribution/resources.ts'
import { reading } from '../../attribution/words.ts'
import { count, countOf, figure, percent } from '../../figure.ts'
import type { Alert } from '../recommendation.ts'
import { memoryNeeded } from '../sizing/right-size.ts'
import type { Evidence } from './evidence.ts'
import { floorOf } from './ordinary.ts'
import { sourceOf } from './source.ts'
import { raisedWords, rounded, thresholds } from './thresholds.ts'
import { ordinaryWindows, resourcesIn, useAtKnee } from './use.ts'

const bytesOfGigabyte = 1e9
const highest = { warn: 0.9, critical: 0.95 } as const // of a limit that kills
const fillsFor = 60 // seconds: what fills up does not wait, and a reading of it is no chance
const watched = { memory: 'memory', connections: 'connections' } as const

const mostOf = (readings: Resource['readings']): number => readings.reduce((most, { value }) => Math.max(most, value), 0)

/** Memory of the target, its limit as recommended or, where a control group set one, as measured. */
export const memoryAlert = (evidence: Evidence): readonly (Alert | Declined)[] => {
  const { broken, decided, ordinary } = evidence
  const memory = resourcesIn(evidence).find(({ what, readings }) => what === watched.memory && readings.length > 0)
  if (memory === undefined)
    return [
      declined('No alert on memory, because no probe watched the memory of the target: a process or cgroup probe does. Add it under probes, and run again.'),
    ]
  const all = [...resourcesOf(afterWarmUp(broken)), ...ordinary.flatMap(({ resources }) => resources)].filter(({ name }) => name === memory.name)
  const most = Math.max(...all.map(({ readings }) => mostOf(readings)))
  const needed = memoryNeeded({ memory: most, leak: 0 }, 0)
  const measured = memory.limit !== null && memory.limit <= 4 * most ? memory.limit : undefined
  const limit = decided.size === undefined ? measured : decided.size.gigabytes * bytesOfGigabyte
  if (limit === undefined)
    return [
      declined(
        `No alert on memory, because neither a size is recommended nor a limit near the ${reading(most, 'bytes')} that were used was there: a share of nothing is no threshold.`,
      ),
    ]
  const wanted = Math.min(highest.warn, (1 + needed / limit) / 2)
  const found = thresholds('memory', { wanted, critical: Math.min(highest.critical, (1 + wanted) / 2), floor: (1.1 * most) / limit }, percent)
  if ('declined' in found)
    return [
      declined(
        `No alert on memory, because ${reading(most, 'bytes')} of ${reading(limit, 'bytes')} were used already: there is no room for a warning. Take a larger size.`,
      ),
    ]
  return [
    {
      name: 'Memory',
      severity: 'high',
      metric: 'memory',
      warn: rounded(found.warn),
      critical: rounded(found.critical),
      lasting: fillsFor,
      limit,
      ...sourceOf(broken, memory.name),
      because: `At most ${reading(most, 'bytes')} were used in what was measured; with a fifth to spare that is ${percent(needed / limit)} of ${reading(limit, 'bytes')}, ${decided.size === undefined ? 'its limit' : 'the recommended size'}. The warning is halfway from there to full, at most ${percent(highest.warn)}, and critical halfway again, at most ${percent(highest.critical)}.`,
    },
  ]
}

/** A database's connections: instances open theirs each, so one more instance needs as many again. */
const serverAlert = (evidence: Evidence, { name, limit, readings }: Resource & { readonly limit: number }): Alert | Declined => {
  const most = mostOf(readings)
  const spare = (instances: number): number => (limit - instances * most) / limit
  const wanted = Math.min(highest.warn, Math.max(0.8, spare(2)))
  const critical = Math.min(highest.critical, Math.max(0.9, spare(1)))
  const found = thresholds(name, { wanted, critical, floor: floorOf(ordinaryWindows(evidence, name)) / limit }, percent)
  if ('declined' in found) return found
  const maximum = evidence.decided.scaling?.maximum ?? 0
  const tooMany =
    maximum * most > limit ? ` The recommended maximum of ${countOf(maximum, 'instance')} would open ${count(maximum * most)}, more than there are.` : ''
  return {
    name: `Connections of ${name.split('.', 1)[0]}`,
    severity: 'high',
    metric: 'connections',
    warn: rounded(found.warn),
    critical: rounded(found.critical),
    lasting: fillsFor,
    limit,
    ...sourceOf(evidence.broken, name),
    because: `In run ${evidence.knee.run} one instance opened ${count(most)} of ${countOf(limit, 'connection')}, so there is room for ${countOf(Math.floor(limit / Math.max(1, most)), 'such instance')}. Warned while two more fit or at 80 %, critical while one more does or at 90 %, whichever is later.${raisedWords(found)}${tooMany}`,
  }
}

export const connectionsAlerts = (evidence: Evidence): readonly (Alert | Declined)[] => {
  const found = resourcesIn(evidence).filter(
    (each): each is Resource & { readonly limit: number } => each.what === watched.connections && each.limit !== null && each.readings.length > 0,
  )
  if (found.length === 0)
    return [declined('No alert on connections, because no probe watched a database with a limit to them. Add one under probes, and run again.')]
  return found.map((each) => serverAlert(evidence, each))
}

const isQueue = ({ what }: Resource): boolean => /^(depth[.].+|queue\w*|queued)$/.test(what)

const queueAlert = (evidence: Evidence, resource: Resource): Alert | Declined => {
  const { name } = resource
  const depth = useAtKnee(evidence, resource)
  if (typeof depth !== 'number') return declined(`No alert on ${name}, because it does not follow the load: ${depth.because}`)
  const floor = Math.max(1, floorOf(ordinaryWindows(evidence, name)))
  const found = thresholds(name, { wanted: (floor + depth) / 2, critical: depth, floor }, (value) => figure(value, ''))
  if ('declined' in found) return found
  return {
    name: `Queue ${name}`,
    severity: 'medium',
    metric: 'queue',
    warn: Math.ceil(found.warn),
    critical: Math.max(Math.ceil(found.warn) + 1, Math.ceil(found.critical)),
    lasting: fillsFor,
    ...sourceOf(evidence.broken, name),
    because: `In run ${evidence.knee.run} ${count(Math.round(depth))} were waiting at ${figure(evidence.knee.knee, '/s')}, where answers begin to become slow, and up to ${figure(floor, '')} by chance at an ordinary load. The warning is halfway between.`,
  }
}

export const queueAlerts = (evidence: Evidence): readonly (Alert | Declined)[] => {
  const queues = resourcesIn(evidence).filter((each) => isQueue(each) && each.readings.length > 0)
  return queues.length === 0
    ? [declined('No alert on a queue, because no probe watched one. Add a rabbitmq, sqs or prometheus probe under probes, and run again.')]
    : queues.map((each) => queueAlert(evidence, each))
}
