/** Where it goes in Kubernetes, with names that Kubernetes takes; what is not told carries a name to fill in. */
import { type Declined, declined } from '../../../../runner/stats/few.ts'
import type { Recommendation } from '../../recommendation.ts'
import { isName } from '../check/kubernetes.ts'
import { label, serviceName } from '../names.ts'

export type Place = { readonly namespace: string | undefined; readonly deployment: string; readonly isTold: boolean }

/** @returns declined for what is deployed elsewhere */
export const placeOf = (recommendation: Recommendation, format: string): Place | Declined => {
  const { deployment } = recommendation
  if (deployment?.kind === 'ecs')
    return declined(`--as ${format} writes for Kubernetes, and ${deployment.service} is deployed on Amazon ECS. Write --as terraform or --as cloudformation.`)
  const name = serviceName(recommendation)
  return {
    namespace: deployment && label(deployment.namespace),
    // Deployments may have dots in their names; what is no name of Kubernetes would be refused there.
    deployment: name !== undefined && isName(name) ? name : label(name),
    isTold: deployment !== undefined,
  }
}

/** Metadata of an object that belongs to the deployment. */
export const metadataOf = ({ namespace, deployment }: Place): Readonly<Record<string, string>> => ({ name: deployment, ...(namespace && { namespace }) })

/** To be said where the name is only a place for one. */
export const namesToFillIn = ({ isTold, deployment }: Place): string[] =>
  isTold ? [] : [`Where it is deployed was not told: put your Deployment's name in place of "${deployment}", and add its namespace.`]
