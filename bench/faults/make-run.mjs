/** One run of one case, kept in a folder with the configuration, the budgets and the scenario that it was made from. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'

const budgets = { 'API response p95': 'p95 < 200ms', 'error rate': { metric: 'error_rate', at_most: '0.1%' } }

const scenarioOf = ({ shape, path, timeout = '10s' }) =>
  `import { constant, ramp, spike, step, journey, scenario } from 'scale-surgeon'
export default scenario({ shape: ${shape}, journeys: [journey('one', ({ http }) => http.get('${path}', { timeout: '${timeout}' }))] })
`

/** @param command the built command line */
export const makeRun = async (each, folder, world, command) => {
  mkdirSync(folder, { recursive: true })
  const { url, probes, stop, meanwhile = async () => {}, under = [] } = await each.start(world)
  try {
    writeFileSync(join(folder, 'perf.config.json'), JSON.stringify({ probes }))
    writeFileSync(join(folder, 'budgets.json'), JSON.stringify(budgets))
    writeFileSync(join(folder, 'scenario.mjs'), scenarioOf(each))
    const args = ['run', '--scenario', 'scenario.mjs', '--engine', 'embedded', '--target', url, '--budget', 'budgets.json', '--graceful-stop', '5s', '--quiet']
    const ended = new AbortController()
    const beside = meanwhile(ended.signal)
    const [first, ...rest] = [...under, 'node', command, ...args]
    const { exitCode, stderr } = await execa(first, rest, { cwd: folder, reject: false })
    ended.abort()
    await beside
    if (![0, 1, 3].includes(exitCode)) throw new Error(`${each.name}: ${stderr}`)
  } finally {
    await stop()
  }
}
