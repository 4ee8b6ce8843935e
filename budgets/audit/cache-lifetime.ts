/** How long a browser may use an answer without asking (RFC 9111, section 4.2.1). */
import { type Headers, headerOf } from '../../runner/audit/visit.ts'

export type Lifetime =
  | { readonly state: 'stored nowhere' }
  /** Browsers then guess, mostly a tenth of the file's age. */
  | { readonly state: 'unsaid' }
  | { readonly state: 'said'; readonly seconds: number; readonly isImmutable: boolean }

const secondsUntil = (expires: string, date: string | undefined): number => {
  const [end, start] = [Date.parse(expires), Date.parse(date ?? '')]
  // What is no date, such as 0, has expired.
  return Number.isNaN(end) || Number.isNaN(start) ? 0 : Math.max(0, (end - start) / 1000)
}

export const lifetimeOf = (headers: Headers): Lifetime => {
  const control = headerOf(headers, 'cache-control')?.toLowerCase()
  if (control !== undefined) {
    if (/\bno-store\b/.test(control)) return { state: 'stored nowhere' }
    const age = /\bmax-age="?(\d+)/.exec(control)?.[1]
    if (/\bno-cache\b/.test(control)) return { state: 'said', seconds: 0, isImmutable: false }
    if (age !== undefined) return { state: 'said', seconds: Number(age), isImmutable: /\bimmutable\b/.test(control) }
  }
  const expires = headerOf(headers, 'expires')
  return expires === undefined ? { state: 'unsaid' } : { state: 'said', seconds: secondsUntil(expires, headerOf(headers, 'date')), isImmutable: false }
}
