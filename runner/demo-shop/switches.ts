/** What can be made wrong with the demo shop while it runs. */

export type Switches = {
  /** Added before every answer, in milliseconds. @default 0 */
  readonly delayMs: number
  /** Share of requests answered with 500, 0–1. @default 0 */
  readonly errorRate: number
  /** Memory that each request leaves behind, in KiB. @default 0 */
  readonly leakKbPerRequest: number
  /** A search takes twenty times as long, as if its index were gone, and keeps its connection meanwhile. @default false */
  readonly slowQuery: boolean
  /** Connections to the data: how many queries run at once. @default 8 */
  readonly pool: number
  /** Queries that may wait for a connection; the next one is answered with 503. @default 200 */
  readonly queueLimit: number
}

export const defaultSwitches: Switches = { delayMs: 0, errorRate: 0, leakKbPerRequest: 0, slowQuery: false, pool: 8, queueLimit: 200 }

const isWholeAbove = (least: number) => (value: unknown) => Number.isInteger(value) && Number(value) >= least
const isBetween = (least: number, most: number) => (value: unknown) => typeof value === 'number' && value >= least && value <= most

const rules: Readonly<Record<keyof Switches | 'freezeMs', { readonly allows: (value: unknown) => boolean; readonly expected: string }>> = {
  delayMs: { allows: isBetween(0, 600_000), expected: 'milliseconds from 0 to 600000' },
  errorRate: { allows: isBetween(0, 1), expected: 'a share from 0 to 1' },
  leakKbPerRequest: { allows: isBetween(0, 100_000), expected: 'KiB from 0 to 100000' },
  slowQuery: { allows: (value) => typeof value === 'boolean', expected: 'true or false' },
  pool: { allows: isWholeAbove(1), expected: 'a whole number of at least 1' },
  queueLimit: { allows: isWholeAbove(0), expected: 'a whole number of at least 0' },
  freezeMs: { allows: isBetween(0, 60_000), expected: 'milliseconds from 0 to 60000' },
}

export type SwitchNames = keyof typeof rules
export const switchNames = Object.keys(rules) as SwitchNames[]

/** The switches to change; `freezeMs` is no state but a moment: the whole process stands still for that long, once. */
export type Change = Partial<Switches> & { readonly freezeMs?: number }

/**
 * Reads a change from data.
 * @throws {RangeError} when a name is unknown or a value out of range
 */
export const readChange = (given: unknown): Change => {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new RangeError(`The switches are ${JSON.stringify(given)}. They are an object of names and values. Send {"delayMs": 50}.`)
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as SwitchNames] : undefined
    if (!rule) throw new RangeError(`There is no switch "${name}". The switches are ${switchNames.join(', ')}. Use one of these.`)
    if (!rule.allows(value)) throw new RangeError(`Switch ${name} is ${JSON.stringify(value)}. It takes ${rule.expected}. Correct the value.`)
  }
  return given
}
