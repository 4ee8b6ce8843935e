/** Requests and limits of the recommended size, as a patch of the Deployment. Both are alike, because that is what was measured. */
import type { Recommendation, RecommendedSize } from '../../recommendation.ts'
import type { Artefact } from '../artefact.ts'
import { headOf } from '../derivation.ts'
import { yamlText } from '../yaml.ts'
import { namesToFillIn, type Place } from './place.ts'

const milli = 1000
const mebibytes = 1024 // of a gigabyte, as the sizes of clouds count

/** @example quantities({ vcpu: 0.5, gigabytes: 1 }) // { cpu: '500m', memory: '1024Mi' } */
const quantities = ({ vcpu, gigabytes }: RecommendedSize): Readonly<Record<'cpu' | 'memory', string>> => ({
  cpu: `${Math.round(vcpu * milli)}m`,
  memory: `${Math.round(gigabytes * mebibytes)}Mi`,
})

export const resourcesPatch = (recommendation: Recommendation, place: Place): Artefact | undefined => {
  const { size } = recommendation
  if (size === undefined) return undefined
  const resources = quantities(size)
  const file = 'resources-patch.yaml'
  const container = place.container ?? place.deployment
  const toFillIn =
    place.container === undefined ? `, and with your container's name in place of "${container}". What other containers of the pod need comes on top.` : '.'
  const inside = place.namespace === undefined ? '' : ` --namespace ${place.namespace}`
  return {
    file,
    text: yamlText(
      [
        ...headOf(recommendation, `${file}: requests and limits of the recommended size.`),
        ...namesToFillIn(place),
        `Apply it with kubectl patch deployment ${place.deployment}${inside} --patch-file ${file}${toFillIn}`,
      ],
      { spec: { template: { spec: { containers: [{ name: container, resources: { requests: resources, limits: resources } }] } } } },
    ),
    validators: [],
  }
}
