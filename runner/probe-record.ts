/**
 * What one probe has told, entry by entry: its series, and which readings it missed. The journal keeps the same entries, so that a run
 * that is killed has what was read until then.
 */
import type { Seconds } from '../scenarios/units.ts'
import { clock } from './clock.ts'
import type { Sample } from './probes/probe.ts'
import type { Caveat, RunRecord, Series } from './run.ts'

/** `missed`: why there was no reading; null when the one before was still under way, or perf itself was late. */
export type ProbeEntry = { readonly probe: string } & (
  | { readonly kind: string | null; readonly every: Seconds }
  | { readonly absent: string }
  | { readonly at: Seconds; readonly samples: readonly Sample[] }
  | { readonly at: Seconds; readonly missed: string | null }
)

type Growing = { readonly name: string; unit: string; limit: number | null; readonly at: number[]; readonly values: (number | null)[] }
type Missed = { readonly at: Seconds; readonly because: string | null }
/** Readings missed one after another. */
type Stretch = {
  readonly from: Seconds
  readonly until: Seconds
  readonly count: number /** The first one, and the last one where that is another. */
  readonly because: string
}

/** Six figures are more than any probe knows; the binary digits behind them would fill the run's file. */
export const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(6)))

/** A slow reading is told after the gaps that it left behind it. */
const inOrder = ({ name, unit, limit, at, values }: Growing): Series => {
  const order = at.map((moment, index) => [moment, values[index] ?? null] as const).sort(([a], [b]) => a - b)
  return { name, unit, limit, at: order.map(([moment]) => moment), values: order.map(([, value]) => value) }
}

/** Those without a reason are not told: a reading that came late is a gap, and nothing to mend. */
const stretchesOf = (missed: readonly Missed[], every: Seconds): Stretch[] => {
  const stretches: { from: Seconds; until: Seconds; count: number; reasons: string[] }[] = []
  for (const { at, because } of missed.toSorted((a, b) => a.at - b.at)) {
    const last = stretches.at(-1)
    const reasons = because === null ? [] : [because.replace(/[.\s]+$/, '')]
    if (last === undefined || at > last.until + every) stretches.push({ from: at, until: at, count: 1, reasons })
    else Object.assign(last, { until: at, count: last.count + 1, reasons: reasons.length === 0 ? last.reasons : [...last.reasons.slice(0, 1), ...reasons] })
  }
  return stretches.flatMap(({ reasons, ...stretch }) => {
    const [first, last] = [reasons[0], reasons.at(-1)]
    return first === undefined ? [] : [{ ...stretch, because: first === last ? first : `${first}, then ${last}` }]
  })
}

const mostStretches = 3 // of a caveat; whoever needs more looks at the gaps

const sentenceOf = ({ from, until, because }: Stretch, last: Seconds): string => {
  const when =
    until >= last && until > from ? `from ${clock(from)} until the end` : until > from ? `from ${clock(from)} to ${clock(until)}` : `at ${clock(from)}`
  return `${when} (${because})`
}

export class ProbeRecord {
  readonly #series = new Map<string, Growing>()
  readonly #missed: Missed[] = []
  #readings = 0
  #last: Seconds = 0
  #absent: string | undefined

  constructor(
    readonly name: string,
    private readonly kind: string | null,
    private readonly every: Seconds,
  ) {}

  add(entry: ProbeEntry): void {
    if ('absent' in entry) this.#absent = entry.absent
    if (!('at' in entry)) return
    this.#readings += 1
    this.#last = Math.max(this.#last, entry.at)
    if ('missed' in entry) this.#missed.push({ at: entry.at, because: entry.missed })
    this.#keep(entry.at, 'samples' in entry ? entry.samples : [])
  }

  get series(): Series[] {
    return [...this.#series.values()].map(inOrder)
  }

  get watched(): NonNullable<RunRecord['watched']>[number] {
    const { name, kind } = this
    return { name, kind, readings: this.#readings, missed: this.#missed.length, ...(this.#absent !== undefined && { absent: this.#absent }) }
  }

  get caveats(): Caveat[] {
    const { name } = this
    if (this.#absent !== undefined)
      return [
        {
          code: 'probe-absent',
          text: `The probe "${name}" did not start: ${this.#absent}. What it watches is unknown; the run's other figures are whole. Correct that, or leave the probe out.`,
        },
      ]
    const stretches = stretchesOf(this.#missed, this.every)
    if (stretches.length === 0) return []
    const count = stretches.reduce((sum, stretch) => sum + stretch.count, 0)
    const told = stretches.slice(0, mostStretches).map((stretch) => sentenceOf(stretch, this.#last))
    const more = stretches.length > told.length ? `, and ${stretches.length - told.length} times more` : ''
    return [
      {
        code: 'probe-failed',
        text: `The probe "${name}" missed ${count} of ${this.#readings} readings: ${told.join(', ')}${more}. Its series have gaps there; the run's other figures are whole. Look at what it reads.`,
      },
    ]
  }

  /** What is not among the samples is a gap. */
  #keep(at: Seconds, samples: readonly Sample[]): void {
    for (const { name, unit, limit, value } of samples) {
      const known = this.#series.get(name) ?? { name, unit, limit, at: [], values: [] }
      this.#series.set(name, known)
      known.limit = limit ?? known.limit
      known.at.push(at)
      known.values.push(value === null ? null : rounded(value))
    }
    const told = new Set(samples.map(({ name }) => name))
    for (const each of this.#series.values()) {
      if (told.has(each.name)) continue
      each.at.push(at)
      each.values.push(null)
    }
  }
}
