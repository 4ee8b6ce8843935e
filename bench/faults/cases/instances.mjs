/** Three instances behind nginx, which asks them in turn. */
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startProxy } from '../proxy.mjs'
import { held, raised } from '../shapes.mjs'

const health = fileURLToPath(new URL('../../../dist/runner/probes/node/health.js', import.meta.url))
const middle = 38_000 // milliseconds after the start of perf, which takes a second or two to begin

/** @param delays of the three, in milliseconds @param slowsDown whether the last one becomes slow in the middle of the run */
const start =
  (delays, slowsDown = false) =>
  async (world) => {
    const { freePort } = await world.tests('support/free-port')
    const instances = []
    for (const delay of delays) {
      const port = String(await freePort())
      const environment = { DELAY: String(delay), SLOW: '300', PERF_HEALTH_PORT: port }
      const instance = await world.program('instance.mjs', { flags: ['--import', health], environment })
      instances.push({ ...instance, probe: { kind: 'node', name: `shop-${instances.length + 1}`, url: `http://127.0.0.1:${port}/perf-health` } })
    }
    const proxy = await startProxy(await world.folder(), { to: instances.map(({ url }) => url) })
    const stop = async () => {
      await proxy.stop()
      for (const instance of instances) await instance.stop()
    }
    const meanwhile = async (signal) => {
      if (!slowsDown) return
      await pause(middle, undefined, { signal }).catch(() => {})
      if (!signal.aborted) await fetch(`${instances.at(-1).url}/slow`)
    }
    return { url: proxy.url, probes: [proxy.probe, ...instances.map(({ probe }) => probe)], stop, meanwhile }
  }

const alike = [10, 10, 10]

export const instances = [
  { name: 'one of three is slow', start: start([10, 300, 10]), path: '/', shape: held(40, '40s'), illness: 'load-imbalance' },
  { name: 'one of three becomes slow', start: start(alike, true), path: '/', shape: held(40, '52s'), illness: 'load-imbalance', first: /shop-3/ },
  { name: 'healthy three alike', start: start(alike), path: '/', shape: raised(30, 150, '8s', '6s') },
]
