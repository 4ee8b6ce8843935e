/** What scales a service, as lines for a terminal: each policy, its steps, and how long the alarms need that ask it. */
import { figure } from '../budgets/figure.ts'
import { type DeployedAlarm, lastingOf, silenceOf } from '../runner/deployments/alarm.ts'
import type { DeployedPolicy, DeployedSteps } from '../runner/deployments/deployment.ts'
import { paceLines, podAimWords } from './deployed-pods.ts'
import { oneLine } from './format.ts'

const changeWords = ({ by }: DeployedSteps, change: number): string =>
  by === 'exactly' ? `to ${change}` : `${change > 0 ? '+' : '−'}${Math.abs(change)}${by === 'percent' ? ' %' : ''}`

type Limit = NonNullable<DeployedAlarm['limit']>

/** Where a step begins, counted from the side on which the alarm fires. */
const beginOf = ({ is, threshold }: Limit, { from = 0, until = 0 }: DeployedSteps['steps'][number]): string =>
  is === 'above' || is === 'at least' ? `from ${figure(threshold + from, '')} on` : `below ${figure(threshold + until, '')}`

/** @example '+1 from 60 on, +3 from 80 on' */
const stepWords = (steps: DeployedSteps, limit: Limit | undefined): string => {
  const words = steps.steps.map((step) => `${changeWords(steps, step.change)}${limit === undefined ? '' : ` ${beginOf(limit, step)}`}`).join(', ')
  return `${words}${steps.least === undefined ? '' : `, ${steps.least} at least`}${steps.aggregation === 'Average' ? '' : `, by the ${steps.aggregation.toLowerCase()} of a period`}`
}

const watchedWords = ({ watched }: DeployedAlarm): string =>
  watched.kind === 'metric' ? `${watched.name} (${watched.statistic})` : oneLine(`the ${watched.kind === 'band' ? 'band' : 'expression'} ${watched.words}`)

/** @example 'CPUUtilization (Average) above 60 in 3 of 5 points of 60 s: 180 s at least' */
export const alarmWords = (alarm: DeployedAlarm): string => {
  const { limit, points, period, watched } = alarm
  if (watched.kind === 'composite') return oneLine(`other alarms: ${watched.words}`)
  const beyond = limit === undefined ? 'outside what is usual' : `${limit.is} ${figure(limit.threshold, '')}`
  const lasting = lastingOf(alarm)
  const often = points === undefined || period === undefined ? '' : ` in ${points.needed} of ${points.of} points of ${period} s: ${lasting} s at least`
  return `${watchedWords(alarm)} ${beyond}${often}`
}

const alarmLine = (alarm: DeployedAlarm): string =>
  `    - Alarm ${oneLine(alarm.name)}, ${silenceOf(alarm) === undefined ? alarm.state : 'which never fires'}: ${alarmWords(alarm)}`

/** What it aims at. @example 'ECSServiceAverageCPUUtilization at 60' @example 'steps +1 from 60 on, +3 from 80 on' */
export const aimWords = (policy: DeployedPolicy): string => {
  const { metric, target, steps, alarms = [], pods } = policy
  if (pods !== undefined) return oneLine(podAimWords({ ...policy, pods }))
  return oneLine(steps === undefined ? `${metric}${target === undefined ? '' : ` at ${figure(target, '')}`}` : `steps ${stepWords(steps, alarms[0]?.limit)}`)
}

const waitsOf = ({ scaleOutCooldown, scaleInCooldown, scalesIn, steps, pods }: DeployedPolicy): string[] => {
  // Said by its pace, once for all of its metrics.
  if (pods !== undefined) return []
  if (steps !== undefined) return [`${scaleOutCooldown} s between steps`]
  return [
    ...(scaleOutCooldown === undefined ? [] : [`${scaleOutCooldown} s between steps out`]),
    ...(scaleInCooldown === undefined || scalesIn === false ? [] : [`${scaleInCooldown} s before it goes in`]),
    ...(scalesIn === false ? ['never in'] : []),
  ]
}

/** Each policy, and below it what asks it to act and how quickly it does. */
export const policyLines = (policies: readonly DeployedPolicy[]): string[] =>
  policies.flatMap((policy, at) => {
    const isLastOfName = policies.findLastIndex(({ name }) => name === policy.name) === at
    return [
      `  Scaled by  ${aimWords(policy)} (${[oneLine(policy.name), ...waitsOf(policy)].join(', ')})`,
      ...(policy.alarms ?? []).map(alarmLine),
      ...(isLastOfName ? paceLines(policy).map((line) => `    - ${oneLine(line)}`) : []),
    ]
  })
