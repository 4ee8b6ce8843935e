/** Finds the deployment that flags name; what speaks with its platform is loaded only then. */
import { UsageError } from '../errors/usage-error.ts'
import type { DeploymentSource } from './source.ts'

export type DeploymentFlags = {
  readonly ecs?: string
  readonly region?: string
  readonly profile?: string
  readonly roleArn?: string
  readonly kubernetes?: string
  readonly context?: string
}

/** NAMESPACE/DEPLOYMENT, CLUSTER/SERVICE. */
export const pairOf = (text: string, flag: string, example: string): readonly [string, string] => {
  const [first = '', second = '', ...more] = text.split('/')
  if (first === '' || second === '' || more.length > 0)
    throw new UsageError(`${flag} "${text}" names no deployment. Two names are expected, with a slash between them. Write ${flag} ${example}.`)
  return [first, second]
}

/** What sessions of a role may be called; the run is in the name, so that AWS's own log tells which one it was. */
const sessionOf = (run: string): string => `perf-${run}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 64)

const ecsOf = async (ecs: string, { region, profile, roleArn }: DeploymentFlags, run: string): Promise<DeploymentSource> => {
  const [cluster, service] = pairOf(ecs, '--ecs', 'shop/web')
  const { ecsSource } = await import('./ecs/ecs.ts')
  return ecsSource({ cluster, service, region, profile, ...(roleArn !== undefined && { role: { arn: roleArn, session: sessionOf(run) } }) })
}

/** @param run for which it is read @returns undefined when no flag names one @throws {UsageError} when a name is not well formed, or nothing is configured to reach it */
export const deploymentSource = async (flags: DeploymentFlags, run = 'advice'): Promise<DeploymentSource | undefined> => {
  if (flags.ecs !== undefined && flags.kubernetes !== undefined)
    throw new UsageError('--ecs and --kubernetes name two deployments. Advice is for one of them. Leave the other out.')
  if (flags.ecs !== undefined) return ecsOf(flags.ecs, flags, run)
  const [lost] = (['region', 'profile', 'roleArn'] as const).filter((flag) => flags[flag] !== undefined)
  if (lost !== undefined)
    throw new UsageError(
      `--${lost === 'roleArn' ? 'role-arn' : lost} tells how AWS is reached, and no service in it. It goes with --ecs. Write --ecs shop/web, or leave it out.`,
    )
  if (flags.kubernetes !== undefined) {
    const [namespace, deployment] = pairOf(flags.kubernetes, '--kubernetes', 'shop/web')
    const { kubernetesSource } = await import('./kubernetes/kubernetes.ts')
    return kubernetesSource({ namespace, deployment, context: flags.context })
  }
  if (flags.context !== undefined)
    throw new UsageError('--context names a cluster, and no deployment in it. It goes with --kubernetes. Write --kubernetes shop/web, or leave --context out.')
  return undefined
}
