/** What no outside validator sees: whether the values of a recommendation can be true together. Sentences, none when they can. */
import type { Recommendation, RecommendedScaling } from '../../recommendation.ts'
import { type Size, sizeWords } from '../../sizing/fargate-size.ts'
import { oneLine } from '../comment.ts'

const isWhole = (value: number): boolean => Number.isInteger(value) && value >= 0

const boundsWrong = (what: string, minimum: number, maximum: number): string[] => [
  ...(isWhole(minimum) && isWhole(maximum) ? [] : [`${what} has ${minimum} to ${maximum} instances. Instances are whole numbers from 0 on.`]),
  ...(minimum > maximum ? [`${what} has at least ${minimum} instances and at most ${maximum}. The least can't be more than the most.`] : []),
]

/** Within what the metric can show. */
const targetWrong = ({ target: { metric, value } }: RecommendedScaling): string[] => {
  const isRatio = metric === 'cpu' || metric === 'memory'
  return Number.isFinite(value) && value > 0 && (!isRatio || value <= 1)
    ? []
    : [`The target of ${metric} is ${value}. It is above 0${isRatio ? ' and at most 1' : ''}.`]
}

const timesWrong = ({ scaleOutCooldown, scaleInCooldown }: RecommendedScaling): string[] =>
  isWhole(scaleOutCooldown) && isWhole(scaleInCooldown)
    ? []
    : [`The cooldowns are ${scaleOutCooldown} s and ${scaleInCooldown} s. They are whole seconds from 0 on.`]

const scalingWrong = (scaling: RecommendedScaling): string[] => [
  ...boundsWrong('Scaling', scaling.minimum, scaling.maximum),
  ...scaling.scheduled.flatMap(({ name, minimum, maximum }) => boundsWrong(`Schedule "${oneLine(name)}"`, minimum, maximum)),
  ...targetWrong(scaling),
  ...timesWrong(scaling),
]

const ecsName = /^[A-Za-z0-9_-]{1,255}$/
const resourceLabel = /^app\/[^/\s]+\/[0-9a-f]+\/targetgroup\/[^/\s]+\/[0-9a-f]+$/

const namesWrong = ({ deployment, resourceLabel: label }: Recommendation): string[] => [
  ...(deployment?.kind === 'ecs'
    ? [deployment.cluster, deployment.service]
        .filter((name) => !ecsName.test(name))
        .map((name) => `"${oneLine(name)}" is no name of an ECS cluster or service. Those have letters, digits, - and _.`)
    : []),
  ...(label === undefined || resourceLabel.test(label)
    ? []
    : [`"${oneLine(label)}" is no resource label. It is app/<balancer>/<id>/targetgroup/<group>/<id>.`]),
]

const sizeWrong = ({ size, deployment }: Recommendation, sizes: readonly Size[] | undefined): string[] => {
  if (size === undefined || sizes === undefined || deployment?.kind === 'kubernetes') return []
  return sizes.some(({ vcpu, gigabytes }) => vcpu === size.vcpu && gigabytes === size.gigabytes)
    ? []
    : [`The size is ${sizeWords(size)}. Fargate has no such size.`]
}

/** @param sizes that Fargate has; undefined for what does not go there: pods have any size */
export const wrongIn = (recommendation: Recommendation, sizes: readonly Size[] | undefined): string[] => [
  ...(recommendation.scaling === undefined ? [] : scalingWrong(recommendation.scaling)),
  ...namesWrong(recommendation),
  ...sizeWrong(recommendation, sizes),
]
