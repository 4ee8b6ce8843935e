/** An objective for response time, as somebody writes it: what a step must hold to count as served. */
import { UsageError } from '../../runner/errors/usage-error.ts'
import { figure } from '../figure.ts'
import { parseExpression, parseLimit } from '../limit.ts'
import type { Objective } from './step-judge.ts'

/**
 * @throws {UsageError} for anything but a percentile with a limit in ms or s
 * @example readObjective('p99 < 300ms') // { quantile: 0.99, milliseconds: 300 }
 */
export const readObjective = (text: string): Objective => {
  const expression = parseExpression(text)
  const percentile = /^p(\d{1,2}(?:\.\d)?|999)$/.exec(expression?.left ?? '')?.[1]
  const limit = expression?.comparison?.is === 'at_most' ? parseLimit(expression.right) : undefined
  if (percentile === undefined || limit?.unit !== 'ms' || limit.value <= 0)
    throw new UsageError(`Objective "${text}" can't be read. It is a percentile of response time with its limit. Write --objective "p99 < 300ms".`)
  const quantile = percentile === '999' ? 0.999 : Number(percentile) / 100
  if (quantile < 0.5) throw new UsageError(`Objective "${text}" is about the fast half of answers. It speaks of those who wait long. Write "p99 < 300ms".`)
  return { quantile, milliseconds: limit.value }
}

/** @example wordsOfObjective({ quantile: 0.99, milliseconds: 300 }) // 'p99 ≤ 300 ms' */
export const wordsOfObjective = ({ quantile, milliseconds }: Objective): string =>
  `p${Number((quantile * 100).toFixed(1))
    .toString()
    .replace('.', '')} ≤ ${figure(milliseconds, 'ms')}`
