/** What the schemas of Kubernetes do not see: whether names are names there, and values can be true together. Sentences, none when they can. */
import { parse } from 'yaml'
import { z } from 'zod'
import type { Recommendation } from '../../recommendation.ts'

const part = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

/** Of a Deployment or an autoscaler (RFC 1123). @example isName('web.front') // true */
export const isName = (name: string): boolean => name.length <= 253 && name.split('.').every((each) => part.test(each))

/** @example nameWrong('Web_Shop') // ['"Web_Shop" is no name …'] */
export const nameWrong = (name: string): string[] =>
  isName(name) ? [] : [`"${name}" is no name of Kubernetes. Those have small letters, digits and dashes, 63 at most, and a letter or digit at both ends.`]

export const boundsWrong = (minimum: number, maximum: number): string[] => [
  ...(minimum > maximum ? [`At least ${minimum} replicas and at most ${maximum} can't both be. The least can't be more than the most.`] : []),
]

const autoscaler = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  spec: z.object({
    scaleTargetRef: z.object({ name: z.string() }),
    minReplicas: z.number(),
    maxReplicas: z.number(),
    metrics: z
      .array(z.object({ type: z.string(), resource: z.object({ name: z.string(), target: z.object({ averageUtilization: z.number() }) }).optional() }))
      .min(1),
  }),
})

/** A share of what is requested needs a request. Where none was read, the file says so; where the Deployment was read and has none, it can't work. */
const requestMissing = ({ size, now, deployment }: Recommendation, metric: string): string[] =>
  deployment?.kind === 'kubernetes' && size === undefined && now?.size === undefined
    ? [`The target is a share of the ${metric} that containers request, and those of ${deployment.deployment} request none. Give them a request of ${metric}.`]
    : []

export const wrongInAutoscaler = (text: string, recommendation: Recommendation): string[] => {
  const read = autoscaler.safeParse(parse(text))
  if (!read.success) return [`The HorizontalPodAutoscaler is not whole: ${z.prettifyError(read.error)}`]
  const { metadata, spec } = read.data
  return [
    ...[metadata.name, spec.scaleTargetRef.name, ...(metadata.namespace === undefined ? [] : [metadata.namespace])].flatMap(nameWrong),
    ...boundsWrong(spec.minReplicas, spec.maxReplicas),
    ...spec.metrics.flatMap(({ resource }) =>
      resource === undefined
        ? []
        : [
            ...(resource.target.averageUtilization > 0 && resource.target.averageUtilization <= 100
              ? []
              : [`A target of ${resource.target.averageUtilization} % of ${resource.name} is none. It lies above 0 and at most at 100.`]),
            ...requestMissing(recommendation, resource.name),
          ],
    ),
  ]
}
