/** Where it goes in Kubernetes, with names that Kubernetes takes; what is not told carries a name to fill in. */
import type { DeploymentName } from '../../../../runner/deployments/deployment.ts'
import { type Declined, declined } from '../../../../runner/stats/few.ts'
import type { Recommendation } from '../../recommendation.ts'
import { isName } from '../check/kubernetes.ts'
import { label, serviceName } from '../names.ts'

type Parts = Pick<DeploymentName & { readonly kind: 'kubernetes' }, 'autoscaler' | 'container'>

type Kind = NonNullable<Parts['autoscaler']>['kind']

export type Place = Parts & { readonly namespace: string | undefined; readonly deployment: string; readonly isTold: boolean }

/** Names may have dots there; what is no name of Kubernetes would be refused. */
const taken = (name: string | undefined): string => (name !== undefined && isName(name) ? name : label(name))

/** @returns declined for what is deployed elsewhere */
export const placeOf = (recommendation: Recommendation, format: string): Place | Declined => {
  const { deployment } = recommendation
  if (deployment?.kind === 'ecs')
    return declined(`--as ${format} writes for Kubernetes, and ${deployment.service} is deployed on Amazon ECS. Write --as terraform or --as cloudformation.`)
  const { namespace, autoscaler, container } = deployment ?? {}
  return {
    namespace: namespace === undefined ? undefined : label(namespace),
    deployment: taken(serviceName(recommendation)),
    ...(autoscaler && { autoscaler: { ...autoscaler, name: taken(autoscaler.name) } }),
    ...(container !== undefined && { container: label(container) }),
    isTold: deployment !== undefined,
  }
}

/** Of the one that is there already, so that it is replaced: two of a Deployment stop each other. */
export const autoscalerMetadata = ({ namespace, deployment, autoscaler }: Place, kind: Kind): { readonly name: string; readonly namespace?: string } => ({
  name: autoscaler?.kind === kind ? autoscaler.name : deployment,
  ...(namespace && { namespace }),
})

/** What becomes of the one that is there. */
export const replaced = ({ namespace, autoscaler }: Place, kind: Kind): string => {
  if (autoscaler === undefined) return 'Delete any other autoscaler of this Deployment first: two of one stop each other.'
  const { kind: deployed, name } = autoscaler
  if (deployed === kind) return `It has the name of the ${kind} that is there, which it replaces.`
  return `Delete the ${deployed} that is there first, because two of a Deployment stop each other: kubectl delete ${deployed.toLowerCase()} ${name}${namespace === undefined ? '' : ` --namespace ${namespace}`}.`
}

/** To be said where the name is only a place for one. */
export const namesToFillIn = ({ isTold, deployment }: Place): string[] =>
  isTold ? [] : [`Where it is deployed was not told: put your Deployment's name in place of "${deployment}", and add its namespace.`]
