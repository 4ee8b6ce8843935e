/** A file system has no space or no inode left, or will have none before long at the pace of this run: with the date. */
import type { Resource } from '../attribution/resources.ts'
import { clock, moment, reading, span } from '../attribution/words.ts'
import { count, percent } from '../figure.ts'
import { type Drift, driftOf, significant } from './drift.ts'
import { again, type Case, type Diagnosis } from './illness.ts'

const full = 0.995 // share; a file system gives its last blocks to nobody but root
/** A trend is believed for a hundred times as long as it was watched, and for a day at least: that is how soon somebody must act. */
const believed = { times: 100, least: 86_400 } as const
const even = 0.5 // share of the whole slope that each half has at least: one large file is no trend
const noticed = 0.001 // share of the limit

type Seen = Case & { readonly resource: Resource; readonly limit: number }
const isInodes = ({ resource }: Seen): boolean => resource.what.startsWith('inodes.')

/** The place as it is called on the machine, where the probe said so. */
const placeOf = ({ run, resource }: Seen): string => {
  const word = resource.what.replace(/^(disk_space|inodes)[._]?/, '') || resource.name
  return (run.observations ?? []).find(({ kind, probe, values }) => kind === 'place' && probe === resource.service && values.series === word)?.subject ?? word
}

const holds = (value: number, seen: Seen): string => (isInodes(seen) ? `${count(Math.round(value))} inodes` : reading(value, 'bytes'))

type Filling = { readonly drift: Drift; readonly level: number /** Seconds since the start. */; readonly earliest: number; readonly latest: number }

const fillingOf = ({ resource: { readings }, limit, run }: Seen): Filling | undefined => {
  const [first, last] = [readings[0], readings.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const drift = driftOf(readings, { from: first.at, until: last.at + 1 }, 'middle')
  if (drift === undefined || drift.z < significant || drift.low <= 0 || drift.halves.some((slope) => slope < even * drift.slope)) return undefined
  if (last.value - first.value < noticed * limit) return undefined
  const horizon = Math.max(believed.least, believed.times * run.durationSeconds)
  const left = Math.max(0, limit - last.value)
  if (left / drift.slope > horizon) return undefined
  return { drift, level: last.value, earliest: last.at + left / drift.high, latest: last.at + left / drift.low }
}

const fullSince = ({ resource: { name, readings }, limit, attribution }: Seen): number | undefined => {
  const since = readings.find(({ value }) => value >= full * limit)
  const isStill = (readings.at(-1)?.value ?? 0) >= full * limit
  const isWhatBroke = attribution.state === 'named' && attribution.cause.name === name
  if (since === undefined || !(isStill || isWhatBroke)) return undefined
  // Full from the first reading on and nobody minds: a file system that is meant to be so.
  const breach = 'breach' in attribution ? attribution.breach : undefined
  return since === readings[0] && breach === undefined ? undefined : since.at
}

const remedies = (seen: Seen): string[] =>
  isInodes(seen)
    ? [
        `Find the folder with most files: find ${placeOf(seen)} -xdev -printf '%h\\n' | sort | uniq -c | sort -n | tail -n 20`,
        'Remove what is old, from then on by a rule in /etc/tmpfiles.d/sessions.conf: d /var/lib/app/sessions 0700 app app 1d',
        'More inodes take a new file system (mkfs.ext4 -i 4096, or XFS, which makes them as needed); a tmpfs gets them with mount -o remount,nr_inodes=1m.',
      ]
    : [
        `Find what is large: du -xh --max-depth=2 ${placeOf(seen)} | sort -h | tail -n 20; and what was removed while a program keeps it open: lsof +L1`,
        'Rotate logs, in /etc/logrotate.d/app: /var/log/app/*.log { size 100M rotate 5 compress missingok copytruncate }; in /etc/systemd/journald.conf: SystemMaxUse=1G',
        'If all of it is needed, make the volume larger, and let somebody be told at 80 %.',
      ]

const fullIllness = (seen: Seen, since: number) => {
  const { resource, limit } = seen
  const [first] = resource.readings
  const unit = isInodes(seen) ? 'no inode' : 'no space'
  const failed = seen.run.load.failed
  const before =
    first === undefined || first.at >= since
      ? []
      : [
          `At ${clock(first.at)} it had held ${holds(first.value, seen)}: ${holds((limit - first.value) / (since - first.at), seen)} a second were added on average.`,
        ]
  return {
    illness: 'disk-filling',
    name: isInodes(seen) ? 'No inode left' : 'Disk full',
    evidence: [
      `${placeOf(seen)} had ${unit} left from ${clock(since)} on (${moment(seen.run.startedAt, since, true)}): ${holds(limit, seen)}, all taken. What wants to write there fails with ENOSPC.`,
      ...before,
      ...(failed > 0 ? [`${count(failed)} of ${count(seen.run.load.completed)} requests of this run failed.`] : []),
    ],
    remedy: remedies(seen),
    confirm: again(seen, `${resource.name} stays below 90 % of its limit`),
  }
}

const fillingIllness = (seen: Seen, { drift, level, earliest, latest }: Filling) => {
  const { run, resource, limit } = seen
  const isSoon = earliest - run.durationSeconds < 600
  return {
    illness: 'disk-filling',
    name: isInodes(seen) ? 'Inodes being used up' : 'Disk filling up',
    evidence: [
      `${placeOf(seen)} took up ${holds(drift.slope * 60, seen)} more each minute [${holds(drift.low * 60, seen)}, ${holds(drift.high * 60, seen)}], all the run long, and holds ${holds(level, seen)} of ${holds(limit, seen)} (${percent(level / limit, 2)}).`,
      `Under this load it is full in ${span((limit - level) / drift.slope)}: between ${moment(run.startedAt, earliest, isSoon)} and ${moment(run.startedAt, latest, isSoon)}.`,
    ],
    remedy: remedies(seen),
    confirm: again(seen, `${resource.name} levels off`),
  }
}

export const diskFilling: Diagnosis = (seen) => {
  const places = seen.resources.flatMap((resource): Seen[] =>
    /^(disk_space|inodes)([._]|$)/.test(resource.what) && resource.limit !== null && resource.limit > 0 ? [{ ...seen, resource, limit: resource.limit }] : [],
  )
  for (const place of places) {
    const since = fullSince(place)
    if (since !== undefined) return fullIllness(place, since)
  }
  const [soonest] = places
    .flatMap((place) => {
      const filling = fillingOf(place)
      return filling === undefined ? [] : [{ place, filling }]
    })
    .toSorted((a, b) => a.filling.earliest - b.filling.earliest)
  return soonest && fillingIllness(soonest.place, soonest.filling)
}
