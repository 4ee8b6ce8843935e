/** What `perf doctor` shows: a line for each thing of the machine, and a paragraph for each kind of probe on a target. */
import pc from 'picocolors'
import { wrapped } from '../budgets/wrapped.ts'
import type { Finding } from '../runner/doctor/finding.ts'
import type { ProbeFinding } from '../runner/doctor/target.ts'
import type { Sample } from '../runner/probes/probe.ts'
import { amount, oneLine, plural, unstated } from './format.ts'
import { pad } from './text.ts'

type Look = { readonly colour: boolean; readonly columns: number }
type Colours = ReturnType<typeof pc.createColors>

/** Text beside a heading; lines that follow stand below the text. */
const beside = (heading: string, text: string, columns: number): string[] => wrapped(oneLine(text), Math.max(20 + heading.length, columns), heading)

const paintOf = (colours: Colours, state: Finding['state']): ((text: string) => string) =>
  state === 'ok' ? colours.green : state === 'warning' ? colours.yellow : colours.red

/** @example 'warning  cores  1, of which 0.2 were at work in the last minute' */
export const machineLines = (findings: readonly Finding[], { colour, columns }: Look): string[] => {
  const colours = pc.createColors(colour)
  const widest = Math.max(...findings.map(({ subject }) => subject.length))
  return findings.flatMap(({ subject, state, found, advice }) => {
    const heading = `${pad(state, 7)}  ${pad(subject, widest)}  `
    const lines = beside(heading, found, columns)
    const advised = advice === undefined ? [] : beside(' '.repeat(heading.length), advice, columns)
    return [...lines.slice(0, 1).map((line) => `${paintOf(colours, state)(line.slice(0, 7))}${line.slice(7)}`), ...lines.slice(1), ...advised]
  })
}

const mostSamples = 16 // a host of many file systems has dozens; --json has all

/** The unit once, where it is the same. @example 'connections 4 of 100' @example 'cpu 0.2 of 2 cores' */
const sampleWords = ({ name, unit, value, limit }: Sample): string => {
  const what = name.slice(name.indexOf('.') + 1)
  if (value === null) return `${what} ${unstated}`
  if (limit === null) return `${what} ${amount(value, unit)}`
  const [observed, most] = [amount(value, unit), amount(limit, unit)]
  const shared = / \S+$/.exec(most)?.[0] ?? ''
  return `${what} ${shared !== '' && observed.endsWith(shared) ? observed.slice(0, -shared.length) : observed} of ${most}`
}

const valuesOf = (samples: readonly Sample[]): string[] => {
  if (samples.length === 0) return ['nothing yet']
  const more = samples.length - mostSamples
  return [`${samples.slice(0, mostSamples).map(sampleWords).join(' · ')}${more > 0 ? ` · and ${more} more` : ''}`]
}

/** What must be done, from the first step to the line to paste. */
const remedy = ({ state, steps, needs, variables, entry, values }: ProbeFinding): (readonly [string, string])[] => [
  ...steps.map((step) => ['first', step] as const),
  ...(state === 'works' ? [] : needs.split('\n').map((line) => ['needs', line] as const)),
  ...Object.entries(variables).map(([name, value]) => ['set', `${name}=${value}`] as const),
  ...(entry === undefined ? [] : [['paste', entry] as const]),
  ...values.map((value) => ['', value] as const),
]

const paragraph = (finding: ProbeFinding, columns: number, colours: Colours): string[] => {
  const { kind, name, state, because, samples, caveats } = finding
  const title = name === undefined || name === kind ? kind : `${name} (${kind})`
  const rows: (readonly [string, string])[] = [
    ['', because],
    ...(state === 'works' ? valuesOf(samples).map((values) => ['reads', values] as const) : []),
    ...caveats.map((caveat) => ['but', caveat] as const),
    ...remedy(finding),
  ]
  return [colours.bold(title), ...rows.flatMap(([heading, text]) => beside(`  ${pad(heading, 5)}  `, text, columns))]
}

type Section = { readonly title: string; readonly holds: (finding: ProbeFinding) => boolean }

const sections: readonly Section[] = [
  { title: 'Configured, and read just now', holds: ({ state, name }) => state === 'works' && name !== undefined },
  { title: "Configured, and can't be read", holds: ({ state }) => state === 'fails' },
  { title: 'Found, and works as it stands: paste the line into probes', holds: ({ state, name }) => state === 'works' && name === undefined },
  { title: 'Would work with what stands below', holds: ({ state }) => state === 'possible' },
  { title: 'Not here', holds: ({ state }) => state === 'not-here' },
]

/** @param answered what the target said of itself */
export const targetLines = (answered: string, findings: readonly ProbeFinding[], { colour, columns }: Look): string[] => {
  const colours = pc.createColors(colour)
  const shown = sections.flatMap(({ title, holds }) => {
    const held = findings.filter(holds)
    return held.length === 0 ? [] : ['', colours.underline(title), ...held.flatMap((finding) => ['', ...paragraph(finding, columns, colours)])]
  })
  const works = findings.filter(({ state }) => state === 'works').length
  return [...wrapped(oneLine(answered), columns), `${plural(works, 'probe')} of ${findings.length} can watch it now.`, ...shown]
}
