/** Every way of telling a report, by the name that --format takes. */
import { html } from './html/page.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import type { Renderer } from './report.ts'
import { text } from './text.ts'

export const renderers = { html, text, markdown, json, junit } satisfies Record<string, Renderer>
export type Format = keyof typeof renderers
