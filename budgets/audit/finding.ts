/** What an audit says of a page: what could be better, with its evidence, its gain and how to get it; what is fine; what can't be told. */
import type { Exchange, Visit } from '../../runner/audit/visit.ts'

/** critical: users are refused, or soon will be · warning: users pay for it · note: worth knowing. */
export type Severity = 'critical' | 'warning' | 'note'

/** Never more than can be stood behind: `low` and `high` are the same where it was measured. */
export type Gain =
  | { readonly kind: 'bytes'; readonly low: number; readonly high: number /** Whose bytes, and where a range comes from. */; readonly because: string }
  | { readonly kind: 'milliseconds'; readonly low: number; readonly high: number; readonly because: string }
  /** Worth something, and nobody can say how much from here. */
  | { readonly kind: 'unknown'; readonly because: string }
  /** Makes nothing faster. */
  | { readonly kind: 'protection'; readonly because: string }

export type Evidence = {
  readonly url: string
  /** The value that was seen. */
  readonly shows: string
  /** The header it stands in, or ought to. */
  readonly header?: string
  readonly bytes?: number
}

export type Fix = { readonly where: 'nginx' | 'express' | 'caddy' | 'markup' | 'anywhere'; readonly lines: readonly string[] }

export type Finding = {
  /** Stable, for programs. @example 'compression' */
  readonly check: string
  readonly severity: Severity
  /** One sentence with the figure. */
  readonly title: string
  readonly evidence: readonly Evidence[]
  readonly gain: Gain
  readonly fix: readonly Fix[]
}

export type Outcome =
  | { readonly state: 'found'; readonly findings: readonly Omit<Finding, 'check'>[] }
  | { readonly state: 'fine' /** A few words. */; readonly because: string }
  | { readonly state: 'unknown'; readonly because: string }
  /** There is nothing here that could be good or bad. */
  | { readonly state: 'absent' }

/** A visit that got as far as the page. */
export type Seen = Visit & { readonly page: Exchange; readonly now: Date }

/** One subject a file; a pure function of the visit. */
export type Check<Of = Seen> = { readonly name: string; readonly look: (seen: Of) => Outcome }

export const found = (...findings: readonly Omit<Finding, 'check'>[]): Outcome => ({ state: 'found', findings })
export const fine = (because: string): Outcome => ({ state: 'fine', because })
export const absent: Outcome = { state: 'absent' }

/** Bytes that were measured on both sides. */
export const exactly = (bytes: number, because: string): Gain => ({ kind: 'bytes', low: bytes, high: bytes, because })
