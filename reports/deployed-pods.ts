/** The rules of an autoscaler of Kubernetes as words: what a target is a figure of, and how quickly it may go out and in. */
import { count, figure, percent } from '../budgets/figure.ts'
import type { DeployedPace, DeployedPods, DeployedPolicy } from '../runner/deployments/deployment.ts'

const gigabyte = 2 ** 30

const targetWords = (target: number, { unit, container }: DeployedPods): string =>
  ({
    percent: `${figure(target, '')} % of what ${container === undefined ? 'a pod' : 'it'} requests`,
    cores: `${figure(target, '')} ${target === 1 ? 'core' : 'cores'} a pod`,
    bytes: `${figure(target / gigabyte, '')} GB a pod`,
    each: `${figure(target, '')} a pod`,
    all: `${figure(target, '')} in all`,
  })[unit]

/** @example 'cpu at 60 % of what a pod requests' @example 'cpu at 0.5 cores a pod' @example 'queue_depth of an external source at 2,000 in all' */
export const podAimWords = ({ metric, target, pods }: DeployedPolicy & { readonly pods: DeployedPods }): string => {
  const where = pods.container === undefined ? pods.at : `container ${pods.container}`
  return `${metric}${where === undefined ? '' : ` of ${where}`}${target === undefined ? '' : ` at ${targetWords(target, pods)}`}`
}

const amountWords = ({ by, value }: DeployedPace['limits'][number]): string =>
  by === 'percent' ? `${count(value)} %` : `${count(value)} ${value === 1 ? 'pod' : 'pods'}`

const limitWords = (limits: DeployedPace['limits']): string => {
  const [first, ...others] = limits
  const isOnePeriod = others.every(({ period }) => period === first?.period)
  const words = limits.map((limit, at) => `${amountWords(limit)}${isOnePeriod && at < limits.length - 1 ? '' : ` in ${count(limit.period)} s`}`)
  return words.join(' or ')
}

const paceWords = (way: 'Out' | 'In', { window = 0, limits, select, tolerance }: DeployedPace): string => {
  if (select === 'none') return `${way}: never`
  const choice = limits.length > 1 ? `, whichever is ${select === 'most' ? 'more' : 'less'}` : ''
  const waits = window === 0 ? '' : `, to the ${way === 'Out' ? 'lowest' : 'highest'} wish of ${count(window)} s`
  return `${way}: at most ${limitWords(limits)}${choice}${waits}${tolerance === undefined ? '' : `, nothing within ${percent(tolerance)} of the target`}`
}

/** How it goes, where that is set. @example ['Out: at most 4 pods or 100 % in 15 s, whichever is more', 'In: never'] */
export const paceLines = ({ pods }: DeployedPolicy): string[] => {
  const { pace, stopped } = pods ?? {}
  return [
    ...(stopped === undefined ? [] : [`Scales nothing now: ${stopped}`]),
    ...(pace === undefined ? [] : [paceWords('Out', pace.out), paceWords('In', pace.in)]),
  ]
}
