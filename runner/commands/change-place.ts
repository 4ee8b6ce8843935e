/** Which service is to be changed: where the advice was made for, or its file is from, and nowhere else. */
import type { Recommendation } from '../../budgets/advice/recommendation.ts'
import { pairOf } from '../deployments/index.ts'
import { SafetyError } from '../errors/safety-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { ApplyFlags } from './apply-flags.ts'

export type ChangedPlace = { readonly cluster: string; readonly service: string; readonly region?: string; readonly account?: string }

type Flags = Pick<ApplyFlags, 'ecs' | 'region'>

/** @param of what it is from: a noun @throws {SafetyError} when flags name another service or region */
export const requirePlace = ({ cluster, service, region }: ChangedPlace, { ecs, region: asked }: Flags, of: string): void => {
  const here = `${cluster}/${service}`
  if (ecs !== undefined && pairOf(ecs, '--ecs', 'shop/web').join('/') !== here)
    throw new SafetyError(
      `${of} is for ${here}, and --ecs names ${ecs}. It holds for the service that it was made for. Leave --ecs out, or name what is for ${ecs}.`,
    )
  if (asked !== undefined && region !== undefined && asked !== region)
    throw new SafetyError(
      `${of} is for ${here} in ${region}, and --region names ${asked}. A service of that name in another region is another service. Leave --region out, or name what is for ${asked}.`,
    )
}

export const placeOf = ({ deployment }: Pick<Recommendation, 'deployment'>, flags: Flags): ChangedPlace => {
  if (deployment?.kind === 'kubernetes')
    throw new UsageError(
      `The advice is for ${deployment.namespace}/${deployment.deployment} on Kubernetes. perf apply changes services of ECS only. Use perf advise --as hpa or --as keda.`,
    )
  if (deployment !== undefined) {
    requirePlace(deployment, flags, 'The advice')
    return deployment
  }
  if (flags.ecs === undefined)
    throw new UsageError('Which service is meant is not known: the advice names none. A change has one place. Write --ecs CLUSTER/SERVICE.')
  const [cluster, service] = pairOf(flags.ecs, '--ecs', 'shop/web')
  return { cluster, service }
}
