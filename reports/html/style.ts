/** The stylesheet of the page. Two palettes, one scale of spaces; every colour stands at least 4.5:1 off what is behind its text. */

const lightVars = `
  --paper: #f7f8f9; --surface: #ffffff; --sunk: #f1f3f5; --text: #1b2127; --muted: #525b66; --line: #dfe3e8; --accent: #0a5dab; --shade: rgb(0 0 0 / .14);
  --pass: #166b3f; --pass-tint: #e7f4ec; --fail: #ac2410; --fail-tint: #fcecea; --unknown: #6a4a8c; --unknown-tint: #f2edf8; --warn: #7d5300; --warn-tint: #fdf3dc;`
const darkVars = `
  --paper: #101317; --surface: #171b20; --sunk: #1f242b; --text: #e7eaee; --muted: #a5aeb9; --line: #2d343c; --accent: #6db5f2; --shade: rgb(255 255 255 / .16);
  --pass: #5fcf94; --pass-tint: #14291f; --fail: #ff8f7a; --fail-tint: #321a17; --unknown: #c9a6ee; --unknown-tint: #261f31; --warn: #eabf5c; --warn-tint: #2d2412;`

const colours = `
:root { color-scheme: light; ${lightVars} }
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme=light]) { color-scheme: dark; ${darkVars} } }
@media screen { :root[data-theme=dark] { color-scheme: dark; ${darkVars} } }
`

const base = `
*, *::before, *::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }
body { margin: 0; background: var(--paper); color: var(--text); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif; overflow-wrap: break-word }
.page { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem 4rem }
h1, h2, h3 { line-height: 1.25; margin: 0 }
h2 { font-size: 1.25rem; letter-spacing: -.005em }
h3 { font-size: 1rem }
p { margin: 0 }
a { color: var(--accent); text-underline-offset: .15em }
code, pre { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace }
.muted, .note { color: var(--muted) }
.note { font-size: .9em }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--surface); padding: .5rem 1rem; z-index: 2 }
.skip:focus { top: .5rem }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px; padding: .3rem .8rem; cursor: pointer }
button:hover { border-color: var(--muted) }
button[aria-pressed=true] { background: var(--sunk); border-color: var(--muted) }
.scripted { display: none }
.js .scripted { display: revert }
`

const head = `
.bar { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding: 1rem 0; font-size: .9rem; color: var(--muted) }
.bar strong { color: var(--text); font-weight: 600 }
.verdict { border-radius: 12px; padding: 1.75rem 2rem 2rem; border: 1px solid var(--line); border-top: 6px solid var(--state); background: var(--surface) }
.pass { --state: var(--pass); --tint: var(--pass-tint) }
.fail, .exceeded { --state: var(--fail); --tint: var(--fail-tint) }
.unknown { --state: var(--unknown); --tint: var(--unknown-tint) }
.met { --state: var(--pass); --tint: var(--pass-tint) }
.warn, .SUSPECT { --state: var(--warn); --tint: var(--warn-tint) }
.INVALID { --state: var(--fail); --tint: var(--fail-tint) }
.VALID { --state: var(--muted); --tint: var(--sunk) }
.stamp { display: inline-flex; align-items: center; gap: .5rem; font-size: 1rem; font-weight: 700; letter-spacing: .06em; color: var(--state) }
.stamp svg { width: 1.5rem; height: 1.5rem }
.verdict h1 { font-size: clamp(1.35rem, 1rem + 1.6vw, 1.9rem); font-weight: 650; letter-spacing: -.012em; margin: .5rem 0 .75rem; max-width: 52ch; text-wrap: pretty }
/* A verdict that needs many words is read as a sentence, not shouted as a headline. */
.verdict h1.long { font-size: clamp(1.15rem, 1rem + .7vw, 1.4rem); max-width: 72ch }
.reasons { margin: 1rem 0 0; padding: 0; list-style: none; display: grid; gap: .35rem; max-width: 70ch }
.reasons li { padding-left: 1.5rem; position: relative }
.reasons svg { position: absolute; left: 0; top: .3em; width: 1rem; height: 1rem; color: var(--state) }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1.25rem 1.5rem; margin: 1.75rem 0 0; padding-top: 1.5rem; border-top: 1px solid var(--line) }
.figures dt { font-size: .875rem; color: var(--muted) }
.figures dd { margin: .1rem 0 0; font-size: 1.375rem; font-weight: 600; letter-spacing: -.01em; font-variant-numeric: tabular-nums }
.figures dd small { display: block; font-size: .8125rem; font-weight: 400; letter-spacing: 0; color: var(--muted) }
.figures.INVALID dd { color: var(--muted); font-weight: 400 }
.kind { white-space: nowrap }
.contents { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 1.25rem 0 0; font-size: .9375rem; list-style: none; margin: 0 }
.contents a { text-decoration: none }
.contents a:hover { text-decoration: underline }
`

const sections = `
section { margin-top: 3rem; scroll-margin-top: 1rem }
section > h2 { margin-bottom: .35rem }
section > h2 + p { margin-bottom: 1rem; max-width: 75ch; color: var(--muted) }
.scroll + .note { margin-top: .6rem }
section > h3 { margin: 1.75rem 0 .5rem }
section > h3 + p { margin-bottom: .6rem; max-width: 85ch }
details + .scroll { margin-top: 1.25rem }
ol.notes { padding-left: 1.6rem }
.callout { border-left: 4px solid var(--state); background: var(--tint); border-radius: 0 8px 8px 0; padding: 1rem 1.25rem; margin-top: 1.5rem }
.callout h2 { font-size: 1.0625rem; color: var(--state); margin: 0 }
.callout ul { margin: .5rem 0 0; padding-left: 1.1rem; max-width: 80ch }
.callout li + li { margin-top: .35rem }
.notes { margin: 1rem 0 0; padding-left: 1.1rem; max-width: 85ch }
.badge { font-weight: 600; color: var(--state); white-space: nowrap }
.badge svg { width: 1rem; height: 1rem; vertical-align: -.14em; margin-right: .25rem }
/* A shade at the right edge while there is more to see on that side; the part that scrolls along covers it at the end. */
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: linear-gradient(90deg, transparent, var(--surface) 60%) 100% 0 / 2.5rem 100% no-repeat local, linear-gradient(270deg, var(--shade), transparent) 100% 0 / .8rem 100% no-repeat scroll, var(--surface) }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; font-variant-numeric: tabular-nums }
caption { text-align: left; padding: .75rem 1rem 0; color: var(--muted); font-size: .875rem }
th, td { padding: .55rem .75rem; text-align: right; vertical-align: baseline; white-space: nowrap }
th:first-child, td:first-child { padding-left: 1rem }
th:last-child, td:last-child { padding-right: 1rem }
thead th { font-weight: 600; font-size: .8125rem; color: var(--muted); border-bottom: 1px solid var(--line); vertical-align: bottom }
thead .group { text-align: center; border-bottom: 0; padding-bottom: 0 }
thead .group + .group, .first { border-left: 1px solid var(--line) }
tbody th { font-weight: 500 }
tbody tr + tr > * { border-top: 1px solid var(--line) }
tbody tr:hover > * { background: var(--sunk) }
.l { text-align: left }
.wrap { white-space: normal; min-width: 16rem; text-wrap: pretty }
.wrap .note { font-weight: 400 }
.brief { white-space: normal; min-width: 10rem; max-width: 18rem }
.name { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 11rem; max-width: 22rem }
.bad { color: var(--fail); font-weight: 600 }
.dim { color: var(--muted) }
th button { border: 0; padding: .1rem .25rem; margin: -.1rem -.25rem; font-size: inherit; font-weight: inherit; color: inherit; white-space: nowrap }
th button:hover { color: var(--text) }
th button::after { content: '↕'; display: inline-block; width: 1em; margin-left: .15em; opacity: .35; text-align: center }
th[aria-sort=ascending] button::after { content: '↑'; opacity: 1 }
th[aria-sort=descending] button::after { content: '↓'; opacity: 1 }
abbr { text-decoration: none; cursor: help }
.meter { display: block; position: relative; width: 9rem; height: .5rem; border-radius: 4px; background: var(--sunk); box-shadow: inset 0 0 0 1px var(--line); margin-top: .4rem }
.meter i { position: absolute; inset: 0 auto 0 0; border-radius: 4px; background: var(--state) }
.meter b { position: absolute; left: 66.667%; top: -.2rem; bottom: -.2rem; width: 2px; background: var(--text) }
details { margin-top: .75rem }
summary { cursor: pointer; color: var(--accent); width: fit-content }
details[open] > summary { margin-bottom: .75rem }
details .scroll { max-height: 24rem; overflow-y: auto }
details thead th { position: sticky; top: 0; background: var(--surface) }
pre { margin: 0; padding: 1rem; overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 10px }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .4rem 1.5rem; margin: 0 }
.facts dt { color: var(--muted) }
.facts dd { margin: 0; overflow-wrap: anywhere }
.sums { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: .2rem; font-variant-numeric: tabular-nums; font-size: .9375rem }
.sums svg { width: .9rem; height: .9rem; vertical-align: -.1em; margin-right: .4rem; color: var(--state) }
`

const charts = `
.chart { border: 1px solid var(--line); border-radius: 10px; background: var(--surface); padding: 1rem 1rem .75rem; position: relative }
.js .chart { padding-top: .75rem }
.chart .canvas { position: relative; height: 19rem; display: none }
.js .chart .canvas { display: block }
.js .chart .off { display: none }
.tools { display: flex; justify-content: flex-end; gap: .5rem; font-size: .875rem; margin-bottom: .25rem }
.js .tools.scripted { display: flex }
.shape { border: 1px solid var(--line); border-radius: 10px; background: var(--surface); padding: 1.25rem 1rem .75rem; margin-bottom: 1rem }
.shape svg { display: block; width: 100%; height: 7rem; overflow: visible }
.shape polygon { fill: var(--accent); opacity: .13 }
.shape polyline { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke }
.stages { display: flex; border-top: 1px solid var(--line); font-size: .8125rem; color: var(--muted); line-height: 1.35 }
.stages span { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: .4rem .3rem 0; border-left: 1px solid var(--line); height: 1.9rem }
.stages span:first-child { border-left-color: transparent; padding-left: 0 }
.shape .peak { font-size: .8125rem; color: var(--muted); margin-bottom: .35rem }
.visits th.l { white-space: normal }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 27rem)); gap: 1rem; margin: 1rem 0 0 }
.pictures figure { margin: 0 }
.pictures img { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 8px }
.pictures figcaption { font-size: .875rem; color: var(--muted); margin-top: .4rem; overflow-wrap: anywhere }
section > .interval { color: var(--text); font-size: 1.5rem; font-weight: 600; letter-spacing: -.01em; font-variant-numeric: tabular-nums; margin: .5rem 0 .25rem }
`

const media = `
@media (max-width: 40rem) {
  .page { padding: 0 1rem 3rem }
  .verdict { padding: 1.25rem 1.25rem 1.5rem }
  .figures { grid-template-columns: 1fr 1fr; gap: 1rem }
  section { margin-top: 2.25rem }
  .chart { padding: .75rem .5rem .5rem }
  .chart .canvas { height: 16rem }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0 }
  .facts dd { margin-bottom: .6rem }
  /* A budget's figures belong on the first screen, not to the right of it: one card for each row. */
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .cards, .cards tbody { display: block }
  .cards tr { display: flex; flex-wrap: wrap; gap: .15rem .6rem; padding: .9rem 1rem }
  .cards tr > *, .cards tr + tr > * { padding: 0; border: 0; text-align: left }
  .cards tr + tr { border-top: 1px solid var(--line) }
  .cards th { flex: 1 0 100%; order: -1; min-width: 0 }
  .cards td:first-child { flex: 1 0 100%; order: -2 }
  .cards td:last-child { flex: 1 0 100%; padding: 0; white-space: normal }
  .cards .brief { min-width: 0; max-width: none }
  .cards .meter { width: 100% }
  .sticky th:first-child, .sticky td:first-child { position: sticky; left: 0; background: var(--surface); max-width: 45vw }
}
@media print {
  body { font-size: 11pt; background: none }
  .page { max-width: none; padding: 0 }
  .contents, .skip, .js .scripted, .js .tools.scripted, details:not([open]), th button::after { display: none }
  section { margin-top: 1.5rem }
  .scroll { overflow: visible; border: 0; background: none }
  table { font-size: 8.5pt }
  th, td { padding: .25rem .35rem; white-space: normal }
  section > h2, section > h2 + p, section > h3 { break-after: avoid }
  .chart, .verdict, .callout, tr { break-inside: avoid }
  .meter, .badge, .verdict, .callout, .stages { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
`

export const style = (colours + base + head + sections + charts + media).replace(/\n\s*/g, '\n').trim()
