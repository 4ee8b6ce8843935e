/** What is told before any load: everything that was planned, in totals a person can check. */
import { count, duration, rate } from '../../reports/format.ts'
import { durationOf, peakRate } from '../../scenarios/shape.ts'
import type { AllowedTarget } from '../config.ts'
import type { Plan } from '../plan.ts'
import type { Probe } from '../probes/probe.ts'
import { nameOf, type SweepPlan } from '../sweep.ts'

const journeysOf = (plan: Plan): string => {
  const sum = plan.journeys.reduce((total, { weight }) => total + weight, 0)
  return plan.journeys.map(({ name, weight }) => (plan.journeys.length === 1 ? name : `${name} ${Math.round((weight / sum) * 100)} %`)).join(', ')
}

/** Told again when a pilot had a say. */
export const usersLine = ({ users, sizing, connections }: Pick<Plan, 'users' | 'sizing' | 'connections'>): string => {
  const over = connections === undefined ? '' : `, over at most ${count(connections)} connections`
  return `  users     at most ${count(users)} at once${over}${sizing === undefined ? '' : `: ${sizing.because}`}`
}

const targetOf = (plan: Plan, isDemo: boolean): string => `${plan.target.url}${isDemo ? ' (the demo shop; --target tests yours)' : ''}`

const sweepAnnouncement = (plan: Plan, { planned, hold, pause, requests }: SweepPlan, isDemo: boolean): string =>
  [
    `closed-loop sweep: ${planned.join(', ')} connections, at most ${duration(durationOf(plan.shape))}`,
    `  levels    ${duration(hold)} each, its first second left out, ${duration(pause)} between; it ends early`,
    '            once throughput grows no more, after six levels at least',
    `  target    ${targetOf(plan, isDemo)}`,
    `  requests  ${requests.map(nameOf).join(', ')}`,
    `  engine    ${plan.engine.name}: service time only, since nothing is due in a closed loop`,
    `  run       ${plan.id}`,
  ].join('\n')

/** A test line and what it will do, line by line within 80 columns as far as names allow. */
export const announcement = (plan: Plan, shapeFrom: string, isDemo: boolean, probes: readonly Pick<Probe, 'name' | 'announcement'>[] = []): string =>
  [
    plan.sweep ? sweepAnnouncement(plan, plan.sweep, isDemo) : loadAnnouncement(plan, shapeFrom, isDemo),
    ...probes.flatMap(({ name, announcement: told }) => (told === undefined ? [] : [`  ${name.padEnd(9)} ${told}`])),
  ].join('\n')

const loadAnnouncement = (plan: Plan, shapeFrom: string, isDemo: boolean): string =>
  [
    `${plan.test} test: ${count(plan.planned)} arrivals in ${duration(durationOf(plan.shape))}, at most ${rate(peakRate(plan.shape))}`,
    `  shape     ${plan.shape.arrivals} arrivals, from ${shapeFrom}`,
    `  target    ${targetOf(plan, isDemo)}`,
    `  journeys  ${journeysOf(plan)}`,
    `  engine    ${plan.engine.name}: ${plan.engine.because}`,
    ...(plan.warmUp !== undefined && plan.warmUp.seconds > 0
      ? [`  warm-up   the first ${duration(plan.warmUp.seconds)} count in no figure (${plan.warmUp.because})`]
      : []),
    usersLine(plan),
    `  run       ${plan.id}`,
  ].join('\n')

/** The question put before load leaves this machine. */
export const question = (plan: Plan, entry: AllowedTarget): string =>
  `${plan.sweep ? `Hold up to ${count(plan.users)} connections, each asking as fast as it is answered but at most ${rate(entry.maxRate)} in all,` : `Send up to ${rate(peakRate(plan.shape))}, ${count(plan.planned)} arrivals in all,`} to ${plan.target.hostname} (${plan.target.addresses.join(', ')}; ${entry.environment}, owner ${entry.owner})?`
