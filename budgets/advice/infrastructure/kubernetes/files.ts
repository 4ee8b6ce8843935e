/** The files of a format of Kubernetes: what scales the Deployment, and its size as a patch. */
import { declined } from '../../../../runner/stats/few.ts'
import type { Recommendation } from '../../recommendation.ts'
import type { Artefact, Writer } from '../artefact.ts'
import { type Place, placeOf } from './place.ts'
import { resourcesPatch } from './resources.ts'

/** @param format as --as has it @param autoscaler its file; undefined where no scaling is recommended */
export const kubernetesFiles =
  (format: string, autoscaler: (recommendation: Recommendation, place: Place) => Artefact | undefined): Writer =>
  (recommendation) => {
    const place = placeOf(recommendation, format)
    if ('declined' in place) return place
    const files = [autoscaler(recommendation, place), resourcesPatch(recommendation, place)].filter((each) => each !== undefined)
    return files.length > 0
      ? files
      : declined(`There is nothing to write as ${format}, because neither scaling nor a size is recommended. ${recommendation.declined.join(' ')}`.trimEnd())
  }
