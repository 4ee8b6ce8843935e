/** Another program wants the core on which the application runs. Time that a hypervisor steals can't be made here. */
import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { held } from '../shapes.mjs'
import { startShop } from '../shop.mjs'

const burner = fileURLToPath(new URL('../burner.mjs', import.meta.url))
const core = '1'
const begin = 38_000 // milliseconds after the start of perf, which takes a second or two to begin

/** @param neighbours programs, each of which would use the whole core */
const start = (neighbours) => async (world) => {
  const shop = await startShop({ work: 10 })(world)
  await execa('taskset', ['--all-tasks', '--cpu-list', '--pid', core, String(shop.pid)])
  const meanwhile = async (signal) => {
    await pause(begin, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    const running = Array.from({ length: neighbours }, () => spawn('taskset', ['--cpu-list', core, process.execPath, burner], { stdio: 'ignore' }))
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    for (const each of running) each.kill('SIGKILL')
  }
  return { ...shop, probes: [...shop.probes, { kind: 'host' }], meanwhile }
}

export const neighbours = [
  { name: 'neighbour on the same core', start: start(6), path: '/work', shape: held(20, '52s'), illness: 'noisy-neighbour', first: /cpu/ },
]
