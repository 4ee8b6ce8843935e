/** A recommendation as rows of text: what there is now, what is recommended, and why. Every renderer shows the same. */

import type { AdviceRecord, SimulationRecord } from '../budgets/advice/advice-record.ts'
import { proofSentence } from '../budgets/advice/proof/proof.ts'
import type { MonthlyCost, Recommendation, ScalingTarget } from '../budgets/advice/recommendation.ts'
import { sizeLabel } from '../budgets/advice/sizing/fargate-size.ts'
import { count, countOf, figure, percent } from '../budgets/figure.ts'
import { asDeployedNotes, hoursWords, waitWords } from './as-deployed.ts'
import { aimWords } from './deployed-policies.ts'
import { duration, unstated } from './format.ts'

export type RecommendedRow = { readonly what: string; readonly now: string; readonly recommended: string; readonly because: string }

export const recommendationHeads = ['What', 'Now', 'Recommended', 'Why'] as const

const targetWords = ({ metric, value }: ScalingTarget): string =>
  ({
    cpu: `CPU ${percent(value)}`,
    memory: `memory ${percent(value)}`,
    requests: `${figure(value, '/s')} requests per instance`,
    queue: `${figure(value, '')} messages per instance`,
    p95: `p95 of ${figure(value * 1000, 'ms')}`,
  })[metric]

const sizeWords = (size: { readonly vcpu: number; readonly gigabytes: number } | undefined): string => (size === undefined ? unstated : sizeLabel(size))

const costWords = (cost: MonthlyCost | undefined): string => (cost === undefined ? unstated : `${figure(cost.monthly, '', 4)} ${cost.currency}`)

const between = (minimum: number | undefined, maximum: number | undefined): string =>
  minimum === undefined || maximum === undefined ? unstated : `${count(minimum)} to ${count(maximum)}`

type Now = NonNullable<Recommendation['now']>

const aimsOf = ({ policies = [] }: Now): string => (policies.length === 0 ? unstated : policies.map(aimWords).join('; '))

const cooldownsOf = ({ policies = [] }: Now): string => {
  // Kubernetes waits for nothing on the way out, where no window is set.
  const words = policies.flatMap(({ pods, scaleOutCooldown = pods?.pace && 0, scaleInCooldown }) =>
    scaleOutCooldown === undefined || scaleInCooldown === undefined ? [] : [`out ${duration(scaleOutCooldown)}, in ${duration(scaleInCooldown)}`],
  )
  return words.length === 0 ? unstated : [...new Set(words)].join('; ')
}

const scalingRows = ({ scaling, now, capacity }: Recommendation): RecommendedRow[] => {
  if (scaling === undefined) return []
  const { minimum, maximum, target, scaleInBelow, scaleOutCooldown, scaleInCooldown, period, scheduled, because } = scaling
  return [
    { what: 'Instances', now: between(now?.minimum, now?.maximum), recommended: `${count(minimum)} to ${count(maximum)}`, because },
    {
      what: 'Scaling target',
      now: now === undefined ? unstated : aimsOf(now),
      recommended: targetWords(target),
      because: `${scaling.type === 'step' ? 'In steps' : 'Target tracking'}, read every ${count(period)} s.${capacity === undefined ? '' : ` One instance held ${figure(capacity, '/s')} requests.`}`,
    },
    {
      what: 'Scale in',
      now: unstated,
      recommended: `below ${percent(scaleInBelow, 2)}`,
      because: 'Of what one instance holds: the others can take over what one of them leaves without asking for it back.',
    },
    {
      what: 'Cooldown',
      now: now === undefined ? unstated : cooldownsOf(now),
      recommended: `out ${duration(scaleOutCooldown)}, in ${duration(scaleInCooldown)}`,
      because: '',
    },
    ...scheduled.map(({ name, from, until, minimum: least, maximum: most }) => ({
      what: `Scheduled: ${name}`,
      now: unstated,
      recommended: `${count(least)} to ${count(most)} instances`,
      because: `From ${from}${until === undefined ? '' : ` until ${until}`}.`,
    })),
  ]
}

/** How both do in the rise that is expected. */
const riseRows = (advice: AdviceRecord): RecommendedRow[] => {
  const { asDeployed, deployed, simulation } = advice
  if (asDeployed === undefined || (!deployed && simulation === null)) return []
  return [
    {
      what: 'In such a rise',
      now: deployed ? waitWords(deployed) : 'unknown',
      recommended: simulation === null ? unstated : waitWords(simulation),
      because: asDeployedNotes(advice),
    },
  ]
}

const sizeRows = ({ size, now }: Recommendation): RecommendedRow[] =>
  size === undefined
    ? []
    : [
        {
          what: 'Size of an instance',
          now: sizeWords(now?.size),
          recommended: `${sizeWords(size)}, ${size.architecture}`,
          because: size.because,
        },
      ]

const costRows = ({ cost, now, prices }: AdviceRecord): RecommendedRow[] =>
  cost === undefined
    ? []
    : [
        {
          what: 'Cost of a month',
          now: costWords(now?.cost),
          recommended: costWords(cost),
          because: `${figure(cost.perMillion, '')} ${cost.currency} per million requests at the ordinary rate. Prices of ${prices.region}, ${prices.dated}.`,
        },
      ]

/** @example recommendedRows(advice)[0] // { what: 'Instances', now: '2 to 4', recommended: '13 to 17', because: 'Reacting alone …' } */
export const recommendedRows = (advice: AdviceRecord): RecommendedRow[] => [
  ...scalingRows(advice),
  ...riseRows(advice),
  ...sizeRows(advice),
  ...costRows(advice),
]

/** Nothing where nothing is recommended that could be proved. */
export const provedWords = ({ proof, scaling, size }: Recommendation): string =>
  proof === undefined && scaling === undefined && size === undefined ? '' : proofSentence(proof)

/** What a simulation came to, in one sentence. */
export const simulationSentence = ({ seconds, violated, allowedWait, longestWait, points, monthlyHours, monthlyCost }: SimulationRecord): string =>
  `Simulated over ${duration(seconds)}: ${percent(violated, 2)} of the arrivals wait longer than ${figure(allowedWait, '')} s, ${longestWait === null ? 'and what waits is not worked off' : `the longest ${figure(longestWait, '')} s`}; at most ${countOf(Math.max(...points.map(({ instances }) => instances)), 'instance')} in service. ${hoursWords({ monthlyHours, monthlyCost })}`
