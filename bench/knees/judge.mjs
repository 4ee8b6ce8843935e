/** What `perf capacity` says of a system's runs: the knee predicted from the short one, and measured by the others. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { folderOf, partsOf } from './parts.mjs'

const runsIn = (folder) => {
  const results = join(folder, 'perf-results')
  return existsSync(results) ? readdirSync(results).flatMap((name) => (name === 'latest' ? [] : [join(results, name)])) : []
}

const capacityOf = async (runs, objective, command) => {
  if (runs.length === 0) return undefined
  const { stdout } = await execa('node', [command, 'capacity', ...runs, '--objective', objective, '--json'])
  return JSON.parse(stdout)
}

/** A server started anew has another address, and a part's runs are told of one target: each part is asked by itself. */
const measuredBy = async (parts, objective, command) => {
  const found = (await Promise.all(parts.map((runs) => capacityOf(runs, objective, command)))).flatMap((each) => (each === undefined ? [] : [each.breakpoint]))
  const firstBad = Math.min(...found.flatMap((each) => (each.found ? [each.firstBad] : [])))
  const held = found.flatMap((each) => (each.found ? (each.lastGood ?? []) : (each.atLeast ?? [])))
  return { lastGood: Math.max(0, ...held.filter((rate) => rate < firstBad)), firstBad, contrary: held.filter((rate) => rate >= firstBad) }
}

const round = (value) => (Number.isFinite(value) ? Number(value.toPrecision(3)) : '–')

/** Cells of the table; `off` is from the middle of the measured interval. */
export const rowOf = async (system, home, command) => {
  const [short = [], ...long] = partsOf(system).map((_, part) => runsIn(folderOf(home, system, part)))
  const predicted = await capacityOf(short, system.objective, command)
  const { lastGood, firstBad, contrary } = await measuredBy(long, system.objective, command)
  const knee = predicted?.knee
  const middle = (lastGood + firstBad) / 2
  const prediction = knee?.declined === false ? `${round(knee.rate)} [${round(knee.low)}, ${round(knee.high)}]` : (knee?.because ?? 'not run')
  return [
    system.name,
    system.objective,
    `${prediction}/s`,
    knee?.declined === false ? `${knee.by} of ${knee.resource}` : '–',
    `(${round(lastGood)}, ${round(firstBad)}]/s${contrary.length === 0 ? '' : `, held ${contrary.map(round).join(', ')} too`}`,
    knee?.declined === false && Number.isFinite(middle) ? `${round((100 * knee.rate) / middle - 100)} %` : '–',
  ]
}
