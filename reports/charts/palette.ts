/** Colours by role. Okabe and Ito's set, which colour-blind readers can tell apart, made darker or lighter until each stands 3:1 off its paper. */

export type Palette = Readonly<Record<string, string>>

export const light: Palette = {
  text: '#454c55',
  grid: '#e4e7eb',
  paper: '#ffffff',
  unanswered: '#454c55',
  planned: '#7a828c',
  started: '#0072b2',
  finished: '#00805e',
  dropped: '#d1540a',
  succeeded: '#00805e',
  failed: '#d1540a',
  p50: '#3a93cf',
  p95: '#0b4f8a',
  p99: '#d1540a',
  kind0: '#d1540a',
  kind1: '#7b4ea3',
  kind2: '#9a7400',
  kind3: '#0072b2',
  kind4: '#00805e',
  kind5: '#7a828c',
}

export const dark: Palette = {
  text: '#b4bcc6',
  grid: '#2c333b',
  paper: '#171b20',
  unanswered: '#b4bcc6',
  planned: '#8f98a3',
  started: '#56b4e9',
  finished: '#2fbf93',
  dropped: '#ff8f4d',
  succeeded: '#2fbf93',
  failed: '#ff8f4d',
  p50: '#8ccbf2',
  p95: '#3f9ee6',
  p99: '#ff8f4d',
  kind0: '#ff8f4d',
  kind1: '#c69be8',
  kind2: '#e0bb3c',
  kind3: '#56b4e9',
  kind4: '#2fbf93',
  kind5: '#8f98a3',
}

/** Most kinds of error or series that get a colour of their own. */
export const kinds = 6

/** The same configuration with each role's colour put in. @example painted({ borderColor: '@p95' }, light) // { borderColor: '#0b4f8a' } */
export const painted = <T>(value: T, palette: Palette): T => {
  if (typeof value === 'string') return (value.startsWith('@') ? (palette[value.slice(1)] ?? value) : value) as T
  if (Array.isArray(value)) return value.map((item) => painted(item, palette)) as T
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, painted(item, palette)])) as T
  return value
}
