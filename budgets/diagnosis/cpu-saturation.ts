/** All the CPU that there is, or the one core that a single thread can use, is used. */

import { cpuThrottling } from './cpu-throttling.ts'
import { again, causeAmong, type Diagnosis } from './illness.ts'
import { noisyNeighbour } from './noisy-neighbour.ts'

export const cpuSaturation: Diagnosis = (seen) => {
  const found = causeAmong(seen, 'cpu', 'event_loop')
  if (found === undefined || found.cause.kind !== 'limit') return undefined
  // Who stands still because of a quota or a neighbour has not used up what there is.
  if (cpuThrottling(seen) !== undefined || noisyNeighbour(seen) !== undefined) return undefined
  const { cause, resource } = found
  const isOneThread = resource.name.endsWith(' of one thread') || resource.what === 'event_loop'
  return {
    illness: 'cpu-saturation',
    name: isOneThread ? 'One thread used up' : 'CPU used up',
    evidence: [
      cause.because,
      ...(isOneThread && !seen.resources.some(({ what }) => what === 'collecting')
        ? ['How much of it is garbage collection is unknown from outside: of a Node application a node probe tells it.']
        : []),
    ],
    remedy: [
      ...(isOneThread
        ? ['Run one process for each core: node:cluster, pm2 start app.js -i max, gunicorn --workers, or more instances behind the balancer.']
        : ['Give it more cores, or more instances.']),
      'Find what takes the time, with node --cpu-prof, py-spy, async-profiler or perf record -g -p PID, while this load runs.',
    ],
    confirm: again(seen, `${resource.name} stays below 90 % of what it may use`),
  }
}
