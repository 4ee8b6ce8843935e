/** Percentiles of response time over time. What was never answered has no height: it is marked at the upper edge. */
import { clock, count, milliseconds } from '../format.ts'
import type { Report, Span } from '../report.ts'
import { stretch } from '../words.ts'
import { type Chart, configOf, line, rounded } from './chart.ts'

const names = ['p50', 'p95', 'p99'] as const
const isUnbounded = (span: Span): boolean => names.some((name) => span[name] === Infinity)

const leadOf = ({ spans }: Report): string => {
  const name = spans.some(({ p95 }) => p95 !== null && Number.isFinite(p95)) ? 'p95' : 'p50'
  const stated = spans.filter((span) => span[name] !== null && Number.isFinite(span[name])).sort((a, b) => (a[name] ?? 0) - (b[name] ?? 0))
  const [best, worst] = [stated[0], stated.at(-1)]
  const unbounded = spans.filter(isUnbounded)
  const range = best && worst ? `${name} lay between ${milliseconds(best[name])} and ${milliseconds(worst[name])}, the latter at ${clock(worst.second)}.` : ''
  const [first, last] = [unbounded[0], unbounded.at(-1)]
  const lost =
    first && last
      ? `Between ${clock(first.second)} and ${clock(last.second + last.seconds)} so many requests were never answered that some percentiles have no number (▲).`
      : ''
  return [range, lost].filter(Boolean).join(' ')
}

const widthNote = ({ spans }: Report): string => {
  const width = spans[0]?.seconds ?? 1
  const missing = names.filter((name) => spans.every((span) => span[name] === null))
  const wide = width > 1 ? `Each point covers ${count(width)} s, to have enough answers for its percentiles.` : ''
  const none = missing.length > 0 && missing.length < names.length ? `No point has enough answers for ${missing.join(' or ')}.` : ''
  return [wide, none].filter(Boolean).join(' ')
}

/** `undefined` when no stretch has a percentile to show. */
export const responseTimesChart = (report: Report): Chart | undefined => {
  const { spans, whole } = report
  if (spans.every((span) => names.every((name) => span[name] === null))) return undefined
  const highest = spans.reduce((most, span) => Math.max(most, ...names.map((name) => rounded(span[name]) ?? 0)), 0)
  const edge = rounded(highest > 0 ? highest * 1.12 : 1)
  const lines = names
    .filter((name) => spans.some((span) => span[name] !== null))
    .map((name) =>
      line(
        name,
        name,
        spans.map((span) => rounded(span[name])),
        name === 'p50' ? { borderWidth: 1.5 } : {},
      ),
    )
  const lost = spans.some(isUnbounded)
    ? [
        line(
          'never answered',
          'unanswered',
          spans.map((span) => (isUnbounded(span) ? edge : null)),
          { showLine: false, pointRadius: 4, pointStyle: 'triangle' },
        ),
      ]
    : []
  const labels = spans.map(({ second, seconds }) => second + seconds / 2)
  return {
    id: 'response-times',
    title: 'Response time',
    lead: [leadOf(report), widthNote(report)].filter(Boolean).join(' '),
    config: configOf('line', whole.timeline.length, labels, [...lines, ...lost], 'milliseconds', { legend: true }),
    canBeLogarithmic: lines.length > 0,
    table: {
      heads: ['Time', 'Answers', ...names],
      rows: spans.map((span) => [stretch(span), count(span.answers), ...names.map((name) => milliseconds(span[name]))]),
    },
  }
}
