/** Lines up figures under their headings. */

/** Every figure a generator can have, in the order of the columns. A server at its limit hides how fast a generator is: "≥" says so. */
const known = {
  throughput: ['requests/s', ({ throughput, serverShare }) => `${serverShare > 0.95 ? '≥ ' : ''}${throughput.toFixed(0)}`],
  cpuPerMillion: ['CPU s per million', ({ cpuPerMillion }) => cpuPerMillion.toFixed(1)],
  warmCpuPerMillion: ['the same, warm', ({ warmCpuPerMillion }) => warmCpuPerMillion.toFixed(1)],
  peakMegabytes: ['peak MB', ({ peakMegabytes }) => peakMegabytes.toFixed(0)],
  serverShare: ['server CPU', ({ serverShare }) => `${(serverShare * 100).toFixed(0)} %`],
  held: ['arrivals/s held', ({ held }) => held.toFixed(0)],
  dropped: ['dropped', ({ dropped }) => dropped.toFixed(0)],
  lagP50: ['lag p50, ms', ({ lagP50 }) => lagP50.toFixed(3)],
  lagP99: ['lag p99, ms', ({ lagP99 }) => lagP99.toFixed(3)],
  coreShare: ['share of a core', ({ coreShare }) => `${(coreShare * 100).toFixed(1)} %`],
}

/** @param rows figures by variant @param columns their names, in order */
export const tableOf = (rows, columns) => {
  const lines = [
    ['', ...columns.map((column) => known[column][0])],
    ...Object.entries(rows).map(([variant, row]) => [variant, ...columns.map((column) => (row[column] === undefined ? '' : known[column][1](row)))]),
  ]
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)))
  return lines.map((line) => line.map((text, at) => (at === 0 ? text.padEnd(widths[at]) : text.padStart(widths[at]))).join('  ')).join('\n')
}
