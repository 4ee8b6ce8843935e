/** The autoscaler as it is deployed beside the recommended one, both played through the same rise. */
import type { AdviceRecord, SimulationRecord } from '../budgets/advice/advice-record.ts'
import { count, figure, percent } from '../budgets/figure.ts'
import { oneLine } from './format.ts'

/** @example '2,929 instance-hours a month, 144.6 USD, with such a rise each day.' */
export const hoursWords = ({ monthlyHours, monthlyCost }: Pick<SimulationRecord, 'monthlyHours' | 'monthlyCost'>): string =>
  `${count(Math.round(monthlyHours))} instance-hours a month${monthlyCost === null ? '' : `, ${figure(monthlyCost.amount, '', 4)} ${monthlyCost.currency}`}, with such a rise each day.`

/** Rounding leaves a little where nothing waits. */
const isNone = (wait: number): boolean => wait < 0.001

const longestWords = ({ longestWait }: SimulationRecord): string =>
  longestWait === null ? 'what waits is not worked off' : isNone(longestWait) ? 'nobody waits' : `waits up to ${figure(longestWait, '')} s`

/** @example 'waits up to 27.4 s; 3,012 arrivals (1.2 %) wait longer than 0.5 s' */
export const waitWords = (simulation: SimulationRecord): string => {
  const { longestWait, violated, late, allowedWait } = simulation
  const longest = longestWords(simulation)
  if (violated === 0) return longestWait !== null && isNone(longestWait) ? longest : `${longest}, none longer than ${figure(allowedWait, '')} s`
  const many = late === undefined ? `${percent(violated, 2)} of the arrivals` : `${count(Math.max(1, Math.round(late)))} arrivals (${percent(violated, 2)})`
  return `${longest}; ${many} wait longer than ${figure(allowedWait, '')} s`
}

const lagWords = ({ asDeployed, deployment }: AdviceRecord): string[] => {
  const lag = asDeployed?.lag
  if (lag === undefined) return []
  const source =
    deployment?.kind === 'kubernetes'
      ? `by ${lag.isRead ? 'its window and ' : ''}the periods that Kubernetes documents`
      : lag.isRead
        ? 'by the periods and points of its alarms'
        : 'by documented periods, because its alarms were not read'
  return [`From the rise until there is more capacity it takes ${count(Math.round(lag.least))} to ${count(Math.round(lag.most))} s, ${source}.`]
}

const sentences = (simulation: SimulationRecord): string => {
  const waits = waitWords(simulation)
  return `${waits.charAt(0).toUpperCase()}${waits.slice(1)}. ${hoursWords(simulation)}`
}

/** How late help comes, and what a reader must know of how it was played; or why it was not. */
export const asDeployedNotes = (record: AdviceRecord): string => [...lagWords(record), ...(record.asDeployed?.notes ?? []).map(oneLine)].join(' ')

/** How the deployed autoscaler does, and the recommended one; none where no deployment was read. */
export const asDeployedLines = (record: AdviceRecord): string[] => {
  const { asDeployed, deployed, simulation } = record
  if (asDeployed === undefined) return []
  const notes = asDeployedNotes(record)
  if (!asDeployed.isKnown || !deployed) return [`  As now     Unknown. ${notes}`]
  return [`  As now     ${sentences(deployed)} ${notes}`, ...(simulation === null ? [] : [`  Advised    ${sentences(simulation)}`])]
}
