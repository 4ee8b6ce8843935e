/** What users feel: response time, before it is felt, and errors. */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { figure, percent } from '../../figure.ts'
import type { Alert } from '../recommendation.ts'
import type { Evidence } from './evidence.ts'
import { floorOf, type Ordinary, windowsOf } from './ordinary.ts'
import { raisedWords, rounded, thresholds } from './thresholds.ts'

const beforeBroken = 0.9 // of the p95 that must hold: it sounds before that is broken
const lasting = 120 // seconds; a rate over a minute still tells of one burst for a minute after it

const p95Windows = (ordinary: Ordinary): ReturnType<typeof windowsOf> =>
  windowsOf(
    ordinary,
    ordinary.symptoms.flatMap(({ second, p95 }) => (p95 === undefined || !Number.isFinite(p95) ? [] : [{ at: second, value: p95 }])),
  )

const ms = (value: number): string => figure(value, 'ms')

export const responseTimeAlert = ({ knee, ordinary }: Evidence): readonly (Alert | Declined)[] => {
  const windows = ordinary.flatMap(p95Windows)
  if (windows.length === 0) return [declined('No alert on response time, because nothing was answered at an ordinary load. Run perf run baseline.')]
  const found = thresholds('response time', { wanted: knee.risen, critical: beforeBroken * knee.objective, floor: floorOf(windows) }, ms)
  if ('declined' in found) return [found]
  return [
    {
      name: 'Response time',
      severity: 'critical',
      metric: 'p95',
      warn: rounded(found.warn / 1000),
      critical: rounded(found.critical / 1000),
      lasting,
      because: `In run ${knee.run} p95 was ${ms(knee.calm)} in the calm, and from ${ms(knee.risen)} on it has risen: up to ${figure(knee.knee, '/s')} it had not. ${ms(knee.objective)} had to hold; critical is a tenth before that.${raisedWords(found)}`,
    },
  ]
}

/** Shares that failed: what is allowed for good, and what made a step count as broken. */
const errors = { allowed: 0.001, broken: 0.01 } as const

export const errorsAlert = ({ knee, ordinary }: Evidence): readonly (Alert | Declined)[] => {
  const windows = ordinary.flatMap((each) =>
    windowsOf(
      each,
      each.symptoms.map(({ second, failed }) => ({ at: second, value: failed })),
    ),
  )
  const found = thresholds('errors', { wanted: errors.allowed, critical: errors.broken, floor: floorOf(windows) }, percent)
  if ('declined' in found) return [found]
  return [
    {
      name: 'Errors',
      severity: 'critical',
      metric: 'errors',
      warn: rounded(found.warn),
      critical: rounded(found.critical),
      lasting,
      because: `${percent(errors.allowed)} of the requests may fail for good; at ${percent(errors.broken)} a step of run ${knee.run} counted as broken. At an ordinary load ${percent(Math.max(0, ...windows.map(({ value }) => value)), 2)} failed at most in ten seconds.${raisedWords(found)}`,
    },
  ]
}
