/** Where each value of a file comes from: sentences for its comments, alike in every format. */

import { count, countOf, figure, percent } from '../../figure.ts'
import { proofSentence } from '../proof/proof.ts'
import type { MonthlyCost, Recommendation, RecommendedScaling } from '../recommendation.ts'
import { sizeLabel } from '../sizing/fargate-size.ts'

/** @example from({ runs: ['a', 'b'] }) // 'runs a, b' */
export const from = ({ runs }: Pick<Recommendation, 'runs'>): string => `run${runs.length === 1 ? '' : 's'} ${runs.join(', ')}`

const money = ({ monthly, currency }: MonthlyCost): string => `${figure(monthly, '', 4)} ${currency} a month`

const costSentence = ({ cost, now }: Recommendation): string => {
  if (cost === undefined) return 'Cost: unknown.'
  const after = `${money(cost)} as recommended, ${figure(cost.perMillion, '')} ${cost.currency} per million requests`
  const before = now?.cost
  if (before === undefined) return `Cost: ${after}; what it costs now is not known.`
  const change = before.currency === cost.currency && before.monthly > 0 ? cost.monthly / before.monthly - 1 : undefined
  const words = change === undefined ? '' : ` (${change > 0 ? '+' : change < 0 ? '−' : ''}${percent(Math.abs(change), 2)})`
  return `Cost: ${money(before)} now, ${after}${words}.`
}

/** What stands at the head of each file: what it is, what it rests on, what it costs, and all that was declined. */
export const headOf = (recommendation: Recommendation, title: string): string[] => {
  const { capacity, scaling, size, declined } = recommendation
  return [
    `${title} Written by perf advise from ${from(recommendation)}.`,
    ...(capacity === undefined ? [] : [`One instance held ${figure(capacity, '/s')} within the objective.`]),
    ...(scaling === undefined ? [] : [`Scaling: ${scaling.because}`]),
    ...(size === undefined ? [] : [`Size: ${size.because}`]),
    costSentence(recommendation),
    proofSentence(recommendation.proof),
    ...declined.map((sentence) => `Not recommended: ${sentence}`),
  ]
}

const targetReason = ({ target, type }: RecommendedScaling, recommendation: Recommendation): string => {
  const played = `the cheapest ${type === 'step' ? 'threshold' : 'target'} that met the objective when it was played through the expected traffic`
  if (target.metric !== 'requests') return played
  const one = ofOne(recommendation)
  const share = one === undefined ? '' : `, ${percent(target.value / one.rate)} of the ${figure(one.rate, '/s')} ${one.words}`
  return `${figure(target.value, '/s')} an instance${share}; ${played}`
}

/** Requests per second of one instance as it is recommended, and where that is known from. */
const ofOne = ({
  capacity,
  capacityAtSize,
}: Pick<Recommendation, 'capacity' | 'capacityAtSize'>): { readonly rate: number; readonly words: string } | undefined =>
  capacityAtSize !== undefined
    ? { rate: capacityAtSize, words: 'that one of the recommended size serves, told from CPU' }
    : capacity === undefined
      ? undefined
      : { rate: capacity, words: 'that one held' }

/** @example heldBy(4, { capacity: 100 }) // '4 × 100/s that one held = 400/s' */
export const heldBy = (instances: number, recommendation: Pick<Recommendation, 'capacity' | 'capacityAtSize'>): string => {
  const one = ofOne(recommendation)
  return one === undefined
    ? countOf(instances, 'instance')
    : `${count(instances)} × ${figure(one.rate, '/s')} ${one.words} = ${figure(instances * one.rate, '/s')}`
}

/** What stands beside each value: the arithmetic, and the runs it rests on. */
export type Reasons = Readonly<
  Record<'minimum' | 'maximum' | 'target' | 'scaleIn' | 'scaleOutCooldown' | 'scaleInCooldown' | 'period' | 'size' | 'instances', string>
>

/** @example reasonsOf(recommendation).minimum // '4 × 100/s that one held = 400/s (run a)' */
export const reasonsOf = (recommendation: Recommendation): Reasons => {
  const { scaling, size, now } = recommendation
  const rests = (sentence: string): string => `${sentence} (${from(recommendation)})`
  const before = (value: number | undefined): string => (value === undefined ? '' : `, now ${count(value)}`)
  return {
    minimum: rests(scaling === undefined ? '' : `${heldBy(scaling.minimum, recommendation)}${before(now?.minimum)}`),
    maximum: rests(scaling === undefined ? '' : `${heldBy(scaling.maximum, recommendation)}${before(now?.maximum)}`),
    target: rests(scaling === undefined ? '' : targetReason(scaling, recommendation)),
    scaleIn: rests('below it one may go, and the others stay below the target'),
    scaleOutCooldown: rests('s between two steps out, as in the policy that was played through the traffic'),
    scaleInCooldown: rests('s before an instance may go, as in the policy that was played through the traffic'),
    period: rests('s of one metric point, as in the policy that was played through the traffic'),
    size: rests(size === undefined ? '' : `${sizeLabel(size)}${now?.size === undefined ? '' : `, now ${sizeLabel(now.size)}`}`),
    instances: rests(size === undefined ? '' : `${countOf(size.instances, 'instance')} of this size serve the expected height`),
  }
}
