/** Sessions of a database wait for each other's locks: the same rows are changed by many at once. */

import { reading } from '../attribution/words.ts'
import { count } from '../figure.ts'
import { again, causeAmong, type Diagnosis } from './illness.ts'

export const lockContention: Diagnosis = (seen) => {
  const found = causeAmong(seen, 'waiting_for_locks', 'longest_lock_wait')
  if (found === undefined || seen.attribution.state !== 'named') return undefined
  const { cause, resource } = found
  const { at } = seen.attribution.breach
  const from = (what: string) =>
    seen.resources.find((each) => each.service === resource.service && each.what === what)?.readings.filter((each) => each.at >= at - 2) ?? []
  const most = (what: string): number => from(what).reduce((highest, { value }) => Math.max(highest, value), 0)
  const writes = (seen.run.observations ?? [])
    .filter(
      ({ kind, probe, subject }) =>
        kind === 'query' && probe === resource.service && /^\s*(update|delete|insert|select\b.*\bfor (no key )?update|lock)\b/i.test(subject),
    )
    .toSorted((a, b) => Number(b.values.total ?? 0) - Number(a.values.total ?? 0))
  const [worst] = writes
  return {
    illness: 'lock-contention',
    name: 'Lock contention',
    evidence: [
      cause.because,
      `At most ${count(most('waiting_for_locks'))} sessions waited at once, the longest for ${reading(most('longest_lock_wait'), 'ms')}.`,
      ...(worst === undefined
        ? []
        : [
            `The statement that changes rows and took the most time: "${worst.subject}", ${count(Number(worst.values.calls))} calls of ${reading(Number(worst.values.mean), 'ms')}, waiting included.`,
          ]),
    ],
    remedy: [
      'Make the transaction shorter: change the contested row last, and call nothing else before COMMIT.',
      'Spread what many change over several rows and add them up when reading, or collect changes and write them once a second.',
      "To see who holds: SELECT pid, pg_blocking_pids(pid), state, query FROM pg_stat_activity WHERE wait_event_type = 'Lock';",
    ],
    confirm: again(seen, `${resource.service}.waiting_for_locks stays at 0`),
  }
}
