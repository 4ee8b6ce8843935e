/** The kernel killed a process because its group had no memory left. */
import { clock, reading } from '../attribution/words.ts'
import { count } from '../figure.ts'
import { again, type Diagnosis } from './illness.ts'

export const outOfMemory: Diagnosis = (seen) => {
  for (const kills of seen.resources.filter(({ what }) => what === 'oom_kills')) {
    const first = kills.readings.find(({ value }) => value > 0)
    if (first === undefined) continue
    const memory = seen.resources.find(({ service, what }) => service === kills.service && what === 'memory')
    const peak = memory?.readings.reduce((most, { value }) => Math.max(most, value), 0)
    const all = kills.readings.reduce((sum, { value }) => sum + value, 0)
    const limit = memory?.limit ?? null
    return {
      illness: 'out-of-memory',
      name: 'Killed for want of memory',
      evidence: [
        `The kernel killed ${all === 1 ? 'a process' : `${count(all)} processes`} of "${kills.service}" for memory, first seen at ${clock(first.at)}.`,
        ...(peak === undefined
          ? []
          : [`Its memory had reached ${reading(peak, 'bytes')}${limit === null ? '; no limit of it is known' : ` of ${reading(limit, 'bytes')}`}.`]),
      ],
      remedy: [
        limit === null
          ? 'Raise the memory limit of the container.'
          : `Raise the memory limit of the container above ${reading(limit, 'bytes')}, if what it keeps is needed.`,
        'If memory grew all the way (see "Memory leak"), more of it only delays the end: find what is kept, with a heap snapshot before and after load.',
      ],
      confirm: again(seen, `no kills, and ${kills.service}.memory stays below 90 % of its limit`),
    }
  }
  return undefined
}
