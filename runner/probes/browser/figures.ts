/** Which figures a visit has, in which unit: the names of its series. */

export const transferKinds = ['document', 'script', 'style', 'image', 'font', 'other'] as const
export type TransferKind = (typeof transferKinds)[number]

export const figureUnits = {
  page_load: 'ms',
  ttfb: 'ms',
  fcp: 'ms',
  lcp: 'ms',
  cls: 'score',
  inp: 'ms',
  time_to_interactive: 'ms',
  total_blocking_time: 'ms',
  requests: 'count',
  failed_requests: 'count',
  console_errors: 'count',
  bytes: 'bytes',
  'bytes.document': 'bytes',
  'bytes.script': 'bytes',
  'bytes.style': 'bytes',
  'bytes.image': 'bytes',
  'bytes.font': 'bytes',
  'bytes.other': 'bytes',
} as const satisfies Readonly<Record<string, string>>

export type FigureName = keyof typeof figureUnits
export const figureNames = Object.keys(figureUnits) as FigureName[]

/** null: not known of this visit. */
export type Figures = Readonly<Record<FigureName, number | null>>
