/** What is told before any load: everything that was planned, in totals a person can check. */
import { count, duration, rate } from '../../reports/format.ts'
import { durationOf, peakRate } from '../../scenarios/shape.ts'
import type { AllowedTarget } from '../config.ts'
import type { Plan } from '../plan.ts'

const journeysOf = (plan: Plan): string => {
  const sum = plan.journeys.reduce((total, { weight }) => total + weight, 0)
  return plan.journeys.map(({ name, weight }) => (plan.journeys.length === 1 ? name : `${name} ${Math.round((weight / sum) * 100)} %`)).join(', ')
}

/** Five lines: test, target, journeys, engine, run. */
export const announcement = (plan: Plan, shapeFrom: string, isDemo: boolean): string =>
  [
    `${plan.test} test: ${count(plan.planned)} arrivals in ${duration(durationOf(plan.shape))}, at most ${rate(peakRate(plan.shape))} (${plan.shape.arrivals}, shape from ${shapeFrom})`,
    `  target    ${plan.target.url}${isDemo ? ' (the built-in demo shop, because no --target was given)' : ''}`,
    `  journeys  ${journeysOf(plan)}`,
    `  engine    ${plan.engine.name}: ${plan.engine.because}; at most ${count(plan.users)} users at once`,
    `  run       ${plan.id}`,
  ].join('\n')

/** The question put before load leaves this machine. */
export const question = (plan: Plan, entry: AllowedTarget): string =>
  `Send up to ${rate(peakRate(plan.shape))}, ${count(plan.planned)} arrivals in all, to ${plan.target.hostname} (${plan.target.addresses.join(', ')}; ${entry.environment}, owner ${entry.owner})?`
