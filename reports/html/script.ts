/**
 * What the page does in a browser: draws the charts, switches theme and scale, sorts tables. All of it is extra; the page reads without.
 * Text of a program, so that the package needs no second build and no copying: plain ES2020 without backticks and backslashes, run as it stands.
 */
export const script = `
'use strict'
const root = document.documentElement
root.classList.add('js')

const { charts, palettes } = JSON.parse(document.getElementById('charts').textContent)
const darkQuery = matchMedia('(prefers-color-scheme: dark)')
const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : darkQuery.matches)

// Roles such as @p95 become colours; reports/charts/palette.ts does the same for pictures.
const painted = (value, palette) =>
  typeof value === 'string' ? (value[0] === '@' ? palette[value.slice(1)] || value : value)
  : Array.isArray(value) ? value.map((item) => painted(item, palette))
  : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, painted(item, palette)]))
  : value

const two = (n) => String(n).padStart(2, '0')
const clock = (seconds) => {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.floor(seconds % 60)]
  return h > 0 ? h + ':' + two(m) + ':' + two(s) : m + ':' + two(s)
}

const drawn = new Map()
const logarithmic = new Set()

const draw = ({ id, config }, palette) => {
  const chart = painted(config, palette)
  // An axis of doublings holds the logarithms of its numbers.
  const mark = { doublings: (value) => String(Math.round(2 ** value)), numbers: (value) => String(Number(value.toPrecision(4))) }[chart.options.scales.x.marks] || clock
  chart.options.scales.x.ticks.callback = (value) => mark(value)
  chart.options.plugins.tooltip.callbacks = { title: (items) => (items.length ? mark(items[0].parsed.x) : '') }
  // A narrow screen has no room for the axis title and many marks.
  if (innerWidth < 480) {
    chart.options.scales.y.title.display = false
    chart.options.plugins.legend.labels.padding = 8
  }
  if (logarithmic.has(id)) {
    chart.options.scales.y.type = 'logarithmic'
    delete chart.options.scales.y.beginAtZero
  }
  drawn.get(id)?.destroy()
  drawn.set(id, new Chart(document.getElementById('chart-' + id), chart))
}

const drawAll = (palette = palettes[isDark() ? 'dark' : 'light']) => {
  if (charts.length === 0) return
  Chart.defaults.color = palette.text
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily
  Chart.defaults.font.size = 13
  for (const chart of charts) draw(chart, palette)
}

const themeButton = document.getElementById('theme')
const nameTheme = () => { themeButton.textContent = isDark() ? 'Light theme' : 'Dark theme' }
themeButton.addEventListener('click', () => {
  root.dataset.theme = isDark() ? 'light' : 'dark'
  nameTheme()
  drawAll()
})
darkQuery.addEventListener('change', () => { nameTheme(); drawAll() })
// Paper is white, whatever the screen was.
addEventListener('beforeprint', () => drawAll(palettes.light))
addEventListener('afterprint', () => drawAll())

for (const button of document.querySelectorAll('[data-logarithmic]'))
  button.addEventListener('click', () => {
    const id = button.dataset.logarithmic
    if (!logarithmic.delete(id)) logarithmic.add(id)
    button.setAttribute('aria-pressed', String(logarithmic.has(id)))
    drawAll()
  })

const sortBy = (table, column, header) => {
  const rising = header.getAttribute('aria-sort') === 'descending'
  const key = (row) => {
    const cell = row.cells[column]
    return cell.dataset.value === undefined ? cell.textContent.trim() : cell.dataset.value === '' ? -1 : Number(cell.dataset.value)
  }
  const compare = (a, b) => (typeof a === 'number' && typeof b === 'number' ? (a === b ? 0 : a < b ? -1 : 1) : String(a).localeCompare(String(b)))
  const body = table.tBodies[0]
  const rows = [...body.rows].sort((a, b) => (rising ? 1 : -1) * compare(key(a), key(b)))
  body.append(...rows)
  for (const other of table.querySelectorAll('[aria-sort]')) other.removeAttribute('aria-sort')
  header.setAttribute('aria-sort', rising ? 'ascending' : 'descending')
}

for (const table of document.querySelectorAll('table[data-sortable]'))
  for (const header of table.querySelectorAll('th[data-column]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...header.childNodes)
    header.append(button)
    button.addEventListener('click', () => sortBy(table, Number(header.dataset.column), header))
  }

nameTheme()
drawAll()
`.trim()
