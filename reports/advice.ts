/** What to deploy, as lines for a terminal. */
import type { Advice } from '../budgets/advice/advise.ts'
import type { ScalingAdvice } from '../budgets/advice/scaling/recommend.ts'
import type { RightSize } from '../budgets/advice/sizing/right-size.ts'
import { count, figure, percent } from '../budgets/figure.ts'

const metricWords = { use: 'CPU use', requests: 'requests per instance', backlog: 'waiting requests' } as const

const scalingLines = ({ metric, chosen, scaleInBelow, because }: ScalingAdvice, perInstance: number): string[] => [
  `  Instances  ${count(chosen.minimum)} at least, ${count(chosen.maximum)} at most`,
  `  Target     ${metric === 'requests' ? `${figure(chosen.target * perInstance, '/s')} requests per instance (${figure(chosen.target * perInstance * 60, '')} a minute), ${percent(chosen.target)} of what one holds` : `${metricWords[metric]} ${percent(chosen.target)}`}`,
  `  Scale in   below ${percent(scaleInBelow, 2)} of what one holds`,
  `  ${because}`,
]

const sizeLines = ({ best, candidates, because }: RightSize, currency: string): string[] => [
  `  ${because}`,
  ...candidates.map(
    ({ size, instances, use, hourly }) =>
      `  ${size === best.size ? '*' : '-'} ${count(instances)} × ${figure(size.vcpu, '')} vCPU, ${figure(size.gigabytes, '')} GB: ${figure(hourly, '', 4)} ${currency} an hour, ${percent(use, 2)} busy`,
  ),
]

/** @param warning of prices that are too old @param isTried whether a proof follows */
export const adviceLines = ({ runs, capacity, requestsPerJourney, scaling, size, cost }: Advice, warning: string | undefined, isTried = false): string[] => [
  `Advice, from ${runs.length === 1 ? 'run' : `${count(runs.length)} runs,`} ${runs.join(', ')}`,
  '',
  'Autoscaler',
  ...(scaling.declined || capacity === null ? [`  ${scaling.because}`] : scalingLines(scaling, capacity * requestsPerJourney)),
  '',
  'Size',
  ...(size.declined || 'declined' in cost ? [`  ${size.because}`] : sizeLines(size, cost.currency)),
  '',
  'Cost',
  `  ${'declined' in cost ? cost.because : `${figure(cost.monthly, '', 4)} ${cost.currency} a month for the height all day, ${figure(cost.perMillion, '')} ${cost.currency} per million requests at the height.`}`,
  ...(warning === undefined ? [] : ['', warning]),
  ...(isTried || (scaling.declined && size.declined)
    ? []
    : ['', 'Nothing of this is proved: --prove runs the objective at the recommended size, and at the next smaller one.']),
]
