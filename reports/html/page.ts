/**
 * The report as one file: opens offline, survives being mailed, says its verdict before anything else.
 * Everything is inline. The content policy allows this page's own two programs by their hashes and no network at all,
 * so that a name that slipped past the escaping could still run nothing.
 */
import { createHash } from 'node:crypto'
import { chartsOf } from '../charts/index.ts'
import { dark, light } from '../charts/palette.ts'
import type { Renderer, Report } from '../report.ts'
import { decision, identity, verdictMarks } from '../words.ts'
import { chartLibrary } from './chart-library.ts'
import { jsonIn, type Markup, markup, trusted } from './markup.ts'
import { script } from './script.ts'
import { adviceSection } from './sections/advice.ts'
import { breakpointSection, budgetsSection } from './sections/budgets.ts'
import { capacitySection } from './sections/capacity.ts'
import { chartSections } from './sections/charts.ts'
import { checksSection, metricsSection, provenanceSection, totalsSection } from './sections/details.ts'
import { endpointsSection, timesSection } from './sections/endpoints.ts'
import { pagesSection } from './sections/pages.ts'
import { shapeSection } from './sections/shape.ts'
import { sweepSection } from './sections/sweep.ts'
import { triggersSection } from './sections/triggers.ts'
import { validitySection, verdictSection } from './sections/verdict.ts'
import { whySection } from './sections/why.ts'
import { style } from './style.ts'

const hashOf = (program: string): string => `'sha256-${createHash('sha256').update(program).digest('base64')}'`

const policy = (programs: readonly string[]): string =>
  `default-src 'none'; script-src ${programs.map(hashOf).join(' ')}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`

const tabIcon = ({ verdict }: Report): string => {
  const colour = { pass: '166b3f', fail: 'ac2410', unknown: '6a4a8c' }[verdict.word]
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="#${colour}"/><text x="8" y="12" font-family="sans-serif" font-size="11" font-weight="700" text-anchor="middle" fill="#fff">${verdictMarks[verdict.word]}</text></svg>`)}`
}

/** Links to the sections that this page has, in their order. */
const contents = (body: Markup): Markup => {
  const found = [...body.markup.matchAll(/<section id="([a-z-]+)" aria-labelledby="[a-z-]+"><h2 id="[a-z-]+">([^<]+)<\/h2>/g)]
  return markup`<nav aria-label="Contents"><ul class="contents">${found.map(([, id = '', title = '']) => markup`<li><a href="#${id}">${trusted(title)}</a></li>`)}</ul></nav>`
}

export const html: Renderer = (report) => {
  const charts = chartsOf(report)
  const programs = charts.length > 0 ? [chartLibrary(), script] : [script]
  const body = markup`${sweepSection(report)}${breakpointSection(report)}${capacitySection(report, charts)}${adviceSection(report, charts)}${whySection(report)}${budgetsSection(report)}${triggersSection(report)}${chartSections(charts, report)}${endpointsSection(report)}${timesSection(report)}${pagesSection(report)}${report.sweep ? false : shapeSection(report)}${checksSection(report)}${metricsSection(report)}${totalsSection(report)}${provenanceSection(report)}`
  const data = { charts: charts.map(({ id, config }) => ({ id, config })), palettes: { light, dark } }
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(programs)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${decision(report).word}: ${identity(report.run)}</title>
<link rel="icon" href="${tabIcon(report)}">
<style>
${trusted(style)}
</style>
</head>
<body>
<a class="skip" href="#content">Skip to the verdict</a>
<div class="page">
<header class="bar"><span><strong>scale-surgeon</strong> · ${report.run.test} test</span><button type="button" id="theme" class="scripted">Dark theme</button></header>
<main id="content" tabindex="-1">
${verdictSection(report)}${validitySection(report)}${contents(body)}
${body}</main>
</div>
<script type="application/json" id="charts">${jsonIn(data)}</script>
${programs.map((program) => markup`<script>${trusted(program)}</script>\n`)}</body>
</html>
`.markup
}
