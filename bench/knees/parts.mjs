/** The runs of a system: a short one that predicts, and a long staircase cut into parts, so that others may use the machine in between. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'

const longest = 80 // seconds of a part
const leadIn = 4 // seconds at a fifth, in which connections are opened

/** Part 0 predicts, the others measure. @returns [rate, seconds] of each step */
export const partsOf = ({ nominal, short, long, hold }) => {
  const inPart = Math.max(1, Math.floor(longest / hold))
  const parts = [short.map(([share, seconds]) => [nominal * share, seconds])]
  for (let from = 0; from < long.length; from += inPart)
    parts.push([[nominal / 5, leadIn], ...long.slice(from, from + inPart).map((share) => [nominal * share, hold])])
  return parts
}

const scenarioOf = ({ path, poisson }, steps) => {
  const stairs = steps.map(([rate, seconds]) => `constant({ rate: '${Number(rate.toFixed(3))}/s', duration: '${seconds}s' })`).join(', ')
  return `import { constant, poisson, sequence, journey, scenario } from 'scale-surgeon'
export default scenario({
  tests: { breakpoint: ${poisson ? 'poisson' : ''}(sequence(${stairs})) },
  journeys: [journey('one', ({ http }) => http.get('${path}', { timeout: '10s' }))],
})
`
}

export const folderOf = (home, { name }, part) => join(home, `${name.replace(/\W+/g, '-').toLowerCase()}-${part}`)

/** @param command the built command line */
export const makePart = async (system, part, home, world, command) => {
  const steps = partsOf(system)[part]
  if (steps === undefined) return
  const folder = folderOf(home, system, part)
  mkdirSync(folder, { recursive: true })
  const { url, probes, stop } = await system.start(world)
  try {
    writeFileSync(join(folder, 'perf.config.json'), JSON.stringify({ probes }))
    writeFileSync(join(folder, 'scenario.mjs'), scenarioOf(system, steps))
    const args = [
      'run',
      'breakpoint',
      '--scenario',
      'scenario.mjs',
      '--engine',
      'embedded',
      '--target',
      url,
      '--graceful-stop',
      '5s',
      '--seed',
      String(part + 1),
      '--quiet',
    ]
    const { exitCode, stderr } = await execa('node', [command, ...args], { cwd: folder, reject: false })
    if (![0, 1, 3].includes(exitCode)) throw new Error(`${system.name}: ${stderr}`)
  } finally {
    await stop()
  }
}
