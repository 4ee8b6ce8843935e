/** Finds the deployment that flags name; what speaks with its platform is loaded only then. */
import { UsageError } from '../errors/usage-error.ts'
import type { DeploymentSource } from './source.ts'

export type DeploymentFlags = {
  readonly kubernetes?: string
  readonly context?: string
}

/** NAMESPACE/DEPLOYMENT, CLUSTER/SERVICE. */
const pairOf = (text: string, flag: string, example: string): readonly [string, string] => {
  const [first = '', second = '', ...more] = text.split('/')
  if (first === '' || second === '' || more.length > 0)
    throw new UsageError(`${flag} "${text}" names no deployment. Two names are expected, with a slash between them. Write ${flag} ${example}.`)
  return [first, second]
}

/** @returns undefined when no flag names one @throws {UsageError} when a name is not well formed, or nothing is configured to reach it */
export const deploymentSource = async (flags: DeploymentFlags): Promise<DeploymentSource | undefined> => {
  if (flags.kubernetes !== undefined) {
    const [namespace, deployment] = pairOf(flags.kubernetes, '--kubernetes', 'shop/web')
    const { kubernetesSource } = await import('./kubernetes/kubernetes.ts')
    return kubernetesSource({ namespace, deployment, context: flags.context })
  }
  if (flags.context !== undefined)
    throw new UsageError('--context names a cluster, and no deployment in it. It goes with --kubernetes. Write --kubernetes shop/web, or leave --context out.')
  return undefined
}
