/** A heap that is nearly full of what is kept, and requests that make garbage. */
import { fileURLToPath } from 'node:url'
import { stepped } from '../shapes.mjs'

const health = fileURLToPath(new URL('../../../dist/runner/probes/node/health.js', import.meta.url))

/** @param size of its old generation, in MiB */
const start = (size) => async (world) => {
  const { freePort } = await world.tests('support/free-port')
  const port = String(await freePort())
  const flags = [`--max-old-space-size=${size}`, '--import', health]
  const app = await world.program('garbage.mjs', { flags, environment: { KEPT: '180', ROWS: '5000', PERF_HEALTH_PORT: port } })
  // Filled with what the latest requests made, as it will stay: filling it is work of its own.
  for (let request = 0; request < 60; request++) await fetch(app.url).then((answer) => answer.text())
  return { ...app, probes: [{ kind: 'node', url: `http://127.0.0.1:${port}/perf-health` }] }
}

export const garbage = [
  { name: 'garbage collection', start: start(206), path: '/', shape: stepped(2, 45), illness: 'garbage-collection', first: /collect|heap|event_loop|cpu/ },
  { name: 'healthy garbage', start: start(600), path: '/', shape: stepped(5, 25) },
]
