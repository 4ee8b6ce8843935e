/** One instant query to Prometheus, or to what speaks as it does (Thanos, Mimir, VictoriaMetrics, Amazon Managed Prometheus). */
import { z } from 'zod'
import { answerOf } from '../answer.ts'

const pointSchema = z.tuple([z.number(), z.string()])
const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('scalar'), result: pointSchema }),
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: pointSchema.optional() })) }),
      z.object({ resultType: z.literal('matrix') }),
      z.object({ resultType: z.literal('string') }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
])

/** `value`: the sum of what the query returned; null when that is nothing, or no number (NaN, +Inf) · `series`: how many it returned. */
export type Instant = { readonly value: number | null; readonly series: number }

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @throws {Error} whose message is what the server says against the query, or what it answered instead */
export const instantIn = (status: number, text: string): Instant => {
  const answer = answerSchema.safeParse(jsonOf(text))
  if (!answer.success) throw new Error(`the answer, with status ${status}, is none of Prometheus' API`)
  if (answer.data.status === 'error') throw new Error(answer.data.error)
  const { data } = answer.data
  if (data.resultType === 'matrix' || data.resultType === 'string')
    throw new Error(`it returns a ${data.resultType}, and a number or a number for each series was expected; over a range, take a function such as rate(…)`)
  const points = data.resultType === 'scalar' ? [data.result] : data.result.flatMap(({ value }) => (value === undefined ? [] : [value]))
  const sum = points.reduce((total, [, value]) => total + Number(value.replace('Inf', 'Infinity')), 0)
  return { value: points.length === 0 || !Number.isFinite(sum) ? null : sum, series: points.length }
}

/** @param url where the server is, with its path when it has one: https://metrics.example/prometheus */
export const instantOf = async (url: string, query: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Instant> => {
  const address = new URL(url)
  address.pathname = `${address.pathname.replace(/\/$/, '')}/api/v1/query`
  address.searchParams.set('query', query)
  const { status, text } = await answerOf(address.href, signal, headers)
  return instantIn(status, text)
}
