/** Other tools in their plainest closed loop: so many connections, no rate, no script. */
import { createRequire } from 'node:module'
import { generate } from '../generator.mjs'
import { findProgram } from '../machine.mjs'

const autocannon = createRequire(import.meta.url).resolve('autocannon')

const commands = {
  autocannon: (url, seconds, connections) => [process.execPath, autocannon, '-c', connections, '-d', seconds, '--no-progress', url],
  wrk: (url, seconds, connections) => [findProgram('wrk'), '-t', 1, '-c', connections, '-d', `${seconds}s`, url],
  h2load: (url, seconds, connections) => [findProgram('h2load'), '--h1', '-t', 1, '-c', connections, '-D', seconds, url],
  oha: (url, seconds, connections) => [findProgram('oha'), '--no-tui', '-c', connections, '-z', `${seconds}s`, url],
  hey: (url, seconds, connections) => [findProgram('hey'), '-cpus', 1, '-c', connections, '-z', `${seconds}s`, url],
}

/** Each by name; undefined when the machine doesn't have it. */
export const others = Object.fromEntries(
  Object.entries(commands).map(([name, command]) => {
    const isThere = name === 'autocannon' || findProgram(name) !== undefined
    const closedLoop = ({ url, seconds, users = 20 }) => generate(command(`${url}/`, seconds, users).map(String))
    return [name, isThere ? closedLoop : undefined]
  }),
)
