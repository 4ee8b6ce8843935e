/** What to deploy, as lines for a terminal. */

import type { AdviceRecord } from '../budgets/advice/advice-record.ts'
import type { Advice } from '../budgets/advice/advise.ts'
import type { Cost } from '../budgets/advice/cost/fleet-cost.ts'
import { proofSentence } from '../budgets/advice/proof/proof.ts'
import type { RecommendedScaling } from '../budgets/advice/recommendation.ts'
import type { ScalingAdvice } from '../budgets/advice/scaling/recommend.ts'
import { sizeLabel } from '../budgets/advice/sizing/fargate-size.ts'
import type { RightSize } from '../budgets/advice/sizing/right-size.ts'
import { count, countOf, figure, percent } from '../budgets/figure.ts'
import { asDeployedLines, hoursWords } from './as-deployed.ts'

const metricWords = { use: 'CPU use', requests: 'requests per instance', backlog: 'waiting requests', p95: 'p95' } as const

const targetWords = ({ metric, chosen }: ScalingAdvice, perInstance: number): string =>
  metric === 'requests'
    ? `${figure(chosen.target * perInstance, '')} requests/s per instance (${figure(chosen.target * perInstance * 60, '')} a minute), ${percent(chosen.target)} of what one holds`
    : `${metricWords[metric]} ${percent(chosen.target)}`

const scalingLines = (scaling: ScalingAdvice, { minimum, maximum, scheduled, because }: RecommendedScaling, perInstance: number): string[] => [
  `  Instances  ${count(minimum)} at least, ${count(maximum)} at most`,
  ...scheduled.map((change) => `             ${count(change.minimum)} at least from ${change.from} until ${change.until ?? 'changed'} UTC`),
  `  Target     ${targetWords(scaling, perInstance)}`,
  `  Scale in   below ${percent(scaling.scaleInBelow, 2)} of what one holds`,
  `  Paid for   ${hoursWords({ monthlyHours: scaling.chosen.monthlyHours, monthlyCost: scaling.chosen.monthlyCost ?? null })}`,
  `  Why        ${because}`,
]

const manyOf = (minimum: number, maximum: number): string =>
  minimum === maximum ? countOf(maximum, 'instance') : `${count(minimum)} to ${count(maximum)} instances`

/** What to deploy, in one sentence; or that nothing can be said. */
const answerOf = ({ runs, scaling, size, cost }: AdviceRecord): string => {
  if (scaling === undefined && size === undefined)
    return `Nothing to deploy can be advised from ${runs.length === 1 ? 'this run' : 'these runs'}; what is missing stands below.`
  const ofSize = size === undefined ? '' : ` of ${sizeLabel(size)}`
  const many =
    scaling === undefined ? `instances${ofSize}, ${count(size?.instances ?? 0)} at the height` : `${manyOf(scaling.minimum, scaling.maximum)}${ofSize}`
  const paid = cost === undefined ? '' : `: ${figure(cost.monthly, '', 4)} ${cost.currency} a month for the fewest, day and night`
  return `Deploy ${many}${paid}.${size === undefined ? ' Their size is unknown.' : ''}${scaling === undefined ? ' What scales them is unknown.' : ''}`
}

const shown = 4 // sizes; those that cost more tell no more

const sizeLines = ({ best, candidates, because }: RightSize, currency: string): string[] => [
  `  ${because}`,
  ...candidates
    .slice(0, shown)
    .map(
      ({ size, instances, use, hourly }) =>
        `  ${size === best.size ? '*' : '-'} ${count(instances)} × ${sizeLabel(size)}: ${figure(hourly, '', 4)} ${currency} an hour, ${percent(use, 2)} busy`,
    ),
]

const money = (value: number, currency: string): string => `${figure(value, '', value < 1 ? 3 : 4)} ${currency}`

const wayWords: Readonly<Record<string, string>> = { 'one year': 'committed for one year', 'three years': 'committed for three years', spot: 'partly on Spot' }

const costLines = ({ calm, height, perJourney, ways, instances, elsewhere }: Cost, requests: number): string[] => {
  const { currency } = height
  return [
    `  ${money(calm.monthly, currency)} a month for ${countOf(calm.instances, 'instance')}, as many as the ordinary rate alone needs: ${money(calm.perMillion, currency)} per million requests.`,
    `  ${money(height.monthly, currency)} a month for the height all day: ${money(height.perMillion, currency)} per million requests${requests === 1 ? '' : `, ${money(perJourney * 1e6, currency)} per million journeys of ${figure(requests, '')} requests`}.`,
    ...ways.map(
      ({ way, monthly, saves, because }) =>
        `  - ${money(monthly, currency)} ${wayWords[way] ?? way}${saves > 0.0005 ? `, ${percent(saves, 2)} less` : ''}: ${because}`,
    ),
    ...(instances.length === 0 ? [] : ['  On EC2, where patching and packing is yours:']),
    ...instances.map(
      ({ type, tasks, instances: needed, hourly }) => `  - ${count(needed)} × ${type}, ${count(tasks)} to each: ${figure(hourly, '', 4)} ${currency} an hour`,
    ),
    ...(elsewhere === undefined
      ? []
      : [
          `  ${elsewhere.architecture === 'arm' ? 'ARM' : 'x86'} would cost ${money(elsewhere.monthly, currency)} for the same size, a price and no advice, because nothing was measured there: run the breakpoint test on it, and say --architecture ${elsewhere.architecture}.`,
        ]),
  ]
}

/** @param warnings of the prices */
export const adviceLines = (advice: Advice, recommendation: AdviceRecord, warnings: readonly string[]): string[] => {
  const { runs, capacity, requestsPerJourney, scaling, size, cost, trend, unused } = advice
  return [
    answerOf(recommendation),
    '',
    `  Expected   ${figure(advice.ordinary, '/s')} ordinarily. ${advice.expectation.because}`,
    ...(scaling.declined || capacity === null || recommendation.scaling === undefined
      ? [`  Scaling    ${scaling.declined ? scaling.because : (recommendation.declined[0] ?? scaling.because)}`]
      : scalingLines(scaling, recommendation.scaling, capacity * requestsPerJourney)),
    ...asDeployedLines(recommendation),
    ...(recommendation.proof !== undefined || (scaling.declined && size.declined)
      ? []
      : size.declined
        ? ['  Proof      Nothing of this is proved: no size is recommended that --prove could run.']
        : [`  Proof      ${proofSentence(undefined)}`]),
    `  From       ${runs.length === 1 ? 'run' : `${count(runs.length)} runs,`} ${runs.join(', ')}`,
    ...advice.leftOut.map((because) => `  Left out   ${because}`),
    '',
    'Size',
    ...(size.declined || 'declined' in cost ? [`  ${size.because}`] : sizeLines(size, cost.height.currency)),
    '',
    'Cost',
    ...('declined' in cost ? [`  ${cost.because}`] : costLines(cost, requestsPerJourney)),
    `  ${trend.because}`,
    ...(unused.length === 0 ? [] : ['', 'Unused', ...unused.map(({ because }) => `  - ${because}`)]),
    ...warnings.flatMap((warning) => ['', warning]),
  ]
}
