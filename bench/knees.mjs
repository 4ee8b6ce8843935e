/**
 * Is the knee that `perf capacity` predicts from a short run the one that a longer, independent staircase measures? Five systems and more
 * (bench/knees/systems.mjs), a table in Markdown.
 *
 *   npm run build && node bench/knees.mjs [--only word,word] [--runs FOLDER] [--part 2] [--again]
 *
 * `--runs` keeps the runs in a folder; `--part` makes that part only (0 predicts, the others measure; each takes a minute and a half);
 * `--again` judges those that are there, and makes no load.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openWorld } from './faults/world.mjs'
import { rowOf } from './knees/judge.mjs'
import { makePart, partsOf } from './knees/parts.mjs'
import { systems as all } from './knees/systems.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const only = flag('only', '').split(',')
const home = flag('runs', mkdtempSync(join(tmpdir(), 'perf-knees-')))
const command = fileURLToPath(new URL('../dist/runner/cli.js', import.meta.url))
const systems = all.filter(({ name, together }) => only.some((word) => name.includes(word) || together === word))
const parts = process.argv.includes('--part')
  ? [Number(flag('part'))]
  : Array.from({ length: Math.max(...systems.map((system) => partsOf(system).length)) }, (_, part) => part)

const makeRuns = async () => {
  const world = openWorld()
  try {
    for (const group of new Set(systems.map(({ together }) => together)))
      for (const part of parts)
        await Promise.all(systems.filter(({ together }) => together === group).map((system) => makePart(system, part, home, world, command)))
  } finally {
    await world.close()
  }
}

if (!process.argv.includes('--again')) await makeRuns()

console.log('| system | knee is | predicted | by | measured (last good, first bad] | off |\n| --- | --- | ---: | --- | ---: | ---: |')
for (const system of systems) console.log(`| ${(await rowOf(system, home, command)).join(' | ')} |`)
console.log(`\nruns in ${home}`)
