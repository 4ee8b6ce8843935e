/** An audit for the terminal: the findings in the order of what they are worth, then what is fine and what was not looked at. */
import pc from 'picocolors'
import type { Audit } from '../../budgets/audit/audit.ts'
import type { Evidence, Finding, Gain, Severity } from '../../budgets/audit/finding.ts'
import { wrapped } from '../../budgets/wrapped.ts'
import type { LeftOut, Visit } from '../../runner/audit/visit.ts'
import { bytes, milliseconds, oneLine, plural } from '../format.ts'

const mostEvidence = 5 // lines for a finding; --json has all

type Options = { readonly colour: boolean; readonly columns: number }
type Colours = ReturnType<typeof pc.createColors>

const marks: Readonly<Record<Severity, string>> = { critical: '✗', warning: '!', note: '·' }
const paint = (colours: Colours, severity: Severity): ((text: string) => string) =>
  severity === 'critical' ? colours.red : severity === 'warning' ? colours.yellow : colours.cyan

const between = (low: number, high: number, show: (value: number) => string): string => (show(low) === show(high) ? show(low) : `${show(low)} to ${show(high)}`)

const gainWords = (gain: Gain): string => {
  if (gain.kind === 'bytes') return `${between(gain.low, gain.high, bytes)} ${gain.because}`
  if (gain.kind === 'milliseconds') return `${between(gain.low, gain.high, milliseconds)} ${gain.because}`
  return gain.kind === 'unknown' ? `unknown, because ${gain.because}` : gain.because
}

/** An address without what all of the page share; a server by its name. @example placeOf('http://shop.test/app.js', visit) // '/app.js' */
const placeOf = (url: string, { page, asked }: Visit): string => {
  const [{ origin, host, pathname, search }, home] = [new URL(url), new URL(page?.url ?? asked).origin]
  if (url === origin) return host
  return origin === home ? `${pathname}${search}` : url
}

const evidenceLines = (evidence: readonly Evidence[], visit: Visit, columns: number): string[] => {
  const rows = evidence
    .slice(0, mostEvidence)
    .flatMap(({ url, shows }) => wrapped(`${oneLine(placeOf(url, visit))}  ${oneLine(shows)}`, columns, '    ', '      '))
  return evidence.length > mostEvidence ? [...rows, `    and ${evidence.length - mostEvidence} more; --json lists them all`] : rows
}

const findingLines = (finding: Finding, visit: Visit, { columns }: Options, colours: Colours): string[] => {
  const { severity, title, evidence, gain, fix } = finding
  const head = wrapped(oneLine(title), columns, `${marks[severity]} ${severity}  `)
  // Lines of configuration are copied, so they are not broken into several; a line of prose is.
  const fixes = fix.flatMap(({ where, lines }) =>
    lines.flatMap((line, at) => {
      const lead = `    ${at > 0 ? '' : where === 'anywhere' || where === 'markup' ? 'fix' : where}`.padEnd(13)
      return where === 'anywhere' ? wrapped(oneLine(line), columns, lead) : [`${lead}${/^ */.exec(line)?.[0] ?? ''}${oneLine(line)}`]
    }),
  )
  return [
    ...head.map((line, at) => (at === 0 ? `${paint(colours, severity)(line.slice(0, severity.length + 2))}${line.slice(severity.length + 2)}` : line)),
    ...evidenceLines(evidence, visit, columns),
    ...wrapped(gainWords(gain), columns, '    gain     '),
    ...fixes,
    '',
  ]
}

const tally = (findings: readonly Finding[]): string => {
  const counts = (['critical', 'warning', 'note'] as const).map((severity) => [severity, findings.filter((each) => each.severity === severity).length] as const)
  const words = counts
    .filter(([, number]) => number > 0)
    .map(([severity, number]) => (severity === 'critical' ? `${number} critical` : plural(number, severity)))
  return findings.length === 0 ? 'nothing found' : `${plural(findings.length, 'finding')}: ${words.join(', ')}`
}

/** Each host and reason once, however many files it is. */
const leftOutLines = (leftOut: readonly LeftOut[], columns: number): string[] => {
  const byReason = new Map<string, LeftOut[]>()
  for (const each of leftOut) byReason.set(each.because, [...(byReason.get(each.because) ?? []), each])
  return [...byReason].flatMap(([because, each]) =>
    wrapped(oneLine(`${each.length === 1 ? each[0]?.url : plural(each.length, 'file')}: ${because}`), columns, '    '),
  )
}

export const auditText = (audit: Audit, options: Options): string => {
  const { visit, findings, fine, unknown } = audit
  const colours = pc.createColors(options.colour)
  const files = (visit.page ? 1 : 0) + visit.assets.length
  const { columns } = options
  const prose = (head: string, parts: readonly string[]): string[] => (parts.length === 0 ? [] : wrapped(`${parts.join(' · ')}.`, columns, head))
  return [
    ...wrapped(oneLine(`${visit.page?.url ?? visit.asked}`), columns),
    `${tally(findings)} · ${plural(files, 'file')}, ${bytes(visit.bytes)}, ${plural(visit.requests, 'request')}`,
    '',
    ...findings.flatMap((finding) => findingLines(finding, visit, options, colours)),
    ...(findings.filter(({ gain }) => gain.kind === 'bytes').length > 1 ? ['Each gain is by itself: they overlap, and do not add up.', ''] : []),
    ...prose(
      'fine     ',
      fine.map(({ because }) => oneLine(because)),
    ),
    ...prose(
      'unknown  ',
      unknown.map(({ because }) => oneLine(because)),
    ),
    ...(visit.leftOut.length > 0 ? ['not looked at', ...leftOutLines(visit.leftOut, columns)] : []),
  ].join('\n')
}
