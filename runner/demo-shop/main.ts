/**
 * The demo shop as a process: `node dist/runner/demo-shop/main.js --pool 5 --delay-ms 20`, or SHOP_POOL=5 SHOP_DELAY_MS=20 in the environment.
 * Says {"url", "pid"} in one line when it is ready. Ends with SIGTERM, with the parent that forked it, or, with --end-with-stdin, with its standard input.
 */
import type { AddressInfo } from 'node:net'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { createShop } from './shop.ts'
import { readChange, switchNames } from './switches.ts'

/** 'delayMs' → 'delay-ms' */
const flagOf = (name: string): string => name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)
/** 'delayMs' → 'SHOP_DELAY_MS' */
const variableOf = (name: string): string => `SHOP_${flagOf(name).replaceAll('-', '_').toUpperCase()}`

const names = ['port', 'seed', ...switchNames.filter((name) => name !== 'freezeMs')]
const options: ParseArgsConfig['options'] = Object.fromEntries(names.map((name) => [flagOf(name), { type: 'string' }]))
const { values } = parseArgs({ options: { ...options, 'end-with-stdin': { type: 'boolean' } } })
const flags: Readonly<Record<string, unknown>> = values

const read = (text: string): unknown => (text === 'true' || text === 'false' ? text === 'true' : Number(text))
const given = Object.fromEntries(
  names.flatMap((name) => {
    const text = flags[flagOf(name)] ?? process.env[variableOf(name)]
    return typeof text === 'string' ? [[name, read(text)]] : []
  }),
)
const { port = 0, seed = 1, ...change } = given

const server = createShop(readChange(change), Number(seed))
const end = (): void => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
}

process.once('SIGTERM', end)
process.once('disconnect', end)
// Ctrl-C reaches every process of the terminal; a forked shop must live until its parent's last request is answered.
if (process.connected) process.on('SIGINT', () => {})
if (flags['end-with-stdin']) process.stdin.once('close', end).resume()

server.once('error', (error) => {
  console.error(error.message)
  process.exit(1)
})
// A spike opens hundreds of connections at once; a short backlog would drop some, and they would come again a second later.
server.listen({ host: '127.0.0.1', port: Number(port), backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: process.pid }))
})
