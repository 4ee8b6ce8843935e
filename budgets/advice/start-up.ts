/** How long scaling out waits for an instance: from those that a deployment still tells of, and what comes after them. */
import type { Deployment } from '../../runner/deployments/deployment.ts'
import { quantileOfFew } from '../../runner/stats/few.ts'
import { countOf, figure } from '../figure.ts'

export type StartUp = {
  /** s */
  readonly seconds: number
  /** What it is made of and what it does not hold, as one sentence. */
  readonly because: string
}

/** Below so many the slowest one is the best guess at a slow one. */
const enough = 10
const slow = 0.9

const moments = {
  ecs: 'from createdAt to startedAt, with the pull of the image',
  kubernetes: 'from when a pod was made until it was ready',
} as const

const amountOf = (startUps: readonly number[]): string => {
  const [low, high] = [Math.min(...startUps), Math.max(...startUps)]
  return `${countOf(startUps.length, 'start')} (${low === high ? '' : `${figure(low, '')} to `}${figure(high, '')} s`
}

/**
 * The 90th percentile (type 7) of ten starts and more, the slowest of fewer, and what follows a start and can't be dated.
 * Undefined when no start could be read.
 */
export const startUpOf = ({ name, startUps, afterStart }: Deployment): StartUp | undefined => {
  if (startUps.length === 0) return undefined
  const isMany = startUps.length >= enough
  const start = isMany ? quantileOfFew(startUps, slow) : Math.max(...startUps)
  const which = isMany ? 'the 90th percentile' : startUps.length === 1 ? 'the only one' : 'the slowest'
  const after = afterStart === undefined ? '' : `, and ${figure(afterStart.seconds, '')} s for ${afterStart.because}`
  const warm = name.kind === 'ecs' ? ' The time in which an application warms up once it runs is not in it.' : ''
  const seconds = start + (afterStart?.seconds ?? 0)
  return {
    seconds,
    because: `${figure(seconds, '')} s: ${which} of ${amountOf(startUps)} ${moments[name.kind]})${after}.${warm}`,
  }
}
