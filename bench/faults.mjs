/**
 * Does perf name the right cause? Faults put into real small applications (bench/faults/cases/), and healthy runs of the same, told by
 * `perf why --json` afterwards. Prints a table in Markdown; every miss is a row with what was said in its place.
 *
 *   npm run build && node bench/faults.mjs [--repeat 3] [--first 1] [--only word,word] [--runs FOLDER] [--again] [--jobs 1]
 *
 * `--runs` keeps the runs in a folder; `--again` judges those that are there, and makes no load; `--jobs 2` makes two runs at once,
 * which only a machine with cores to spare may do.
 */
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cases as all } from './faults/cases.mjs'
import { judge } from './faults/judge.mjs'
import { makeRun } from './faults/make-run.mjs'
import { openWorld } from './faults/world.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const only = flag('only', '').split(',')
const home = flag('runs', mkdtempSync(join(tmpdir(), 'perf-faults-')))
const command = fileURLToPath(new URL('../dist/runner/cli.js', import.meta.url))
const cases = all.filter(({ name }) => only.some((word) => name.includes(word)))
const repetitions = Array.from({ length: Number(flag('repeat', '3')) }, (_, index) => index + Number(flag('first', '1')))
const folderOf = ({ name }, repetition) => join(home, `${name.replace(/\W+/g, '-').toLowerCase()}-${repetition}`)

/** Each job has servers of its own, and takes the next run as long as there is one. */
const makeRuns = async () => {
  const waiting = repetitions.flatMap((repetition) => cases.map((each) => ({ each, repetition })))
  const work = async () => {
    const world = openWorld()
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        process.stderr.write(`${next.each.name}, ${next.repetition}\n`)
        await makeRun(next.each, folderOf(next.each, next.repetition), world, command)
      }
    } finally {
      await world.close()
    }
  }
  await Promise.all(Array.from({ length: Number(flag('jobs', '1')) }, work))
}

if (!process.argv.includes('--again')) await makeRuns()

const rows = []
for (const each of cases) {
  for (const repetition of repetitions) {
    const results = join(folderOf(each, repetition), 'perf-results')
    if (!existsSync(results) || readdirSync(results).length === 0) continue
    rows.push({ each, repetition, ...(await judge(each, folderOf(each, repetition), command)) })
  }
}
console.log('| fault | run | expected | verdict | illnesses named | left its normal | broke first |\n| --- | ---: | --- | --- | --- | --- | --- |')
for (const { each, repetition, isRight, named, at, cause } of rows) {
  const moment = at === undefined ? '–' : `${at} s`
  console.log(`| ${[each.name, repetition, each.illness ?? 'none', isRight ? 'right' : 'MISS', named.join(', ') || 'none', moment, cause].join(' | ')} |`)
}
console.log(`\n${rows.filter(({ isRight }) => isRight).length} of ${rows.length} right; runs in ${home}`)
