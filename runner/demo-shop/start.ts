/** Starts the demo shop as a process of its own, so that its work is not the generator's. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { TargetError } from '../errors/target-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import { readChange, type Switches } from './switches.ts'

/** The switches the shop starts with; those left out have their defaults. */
export type DemoShopOptions = Partial<Switches> & {
  /** @default 0: any free one */
  readonly port?: number
  /** Of query times and drawn errors. @default 1 */
  readonly seed?: number
}

export type DemoShop = {
  /** Without a slash at its end. */
  readonly url: string
  readonly pid: number
  /** Ends the process and waits for its end; may be called twice. */
  stop(): Promise<void>
}

const patience = 2000 // milliseconds that a stopping shop gets before it is killed; it closes in some 10

/** The compiled entry: Node 20 runs no TypeScript, so from the sources (in tests) the one in dist/ is taken. */
export const demoShopEntry = (): string => {
  const here = import.meta.url.endsWith('.ts') ? '../../dist/runner/demo-shop/main.js' : './main.js'
  const file = fileURLToPath(new URL(here, import.meta.url))
  if (!existsSync(file)) throw new UsageError(`The demo shop is not built: ${file} is not there. It runs from the compiled files. Run npm run build first.`)
  return file
}

const endOf = (child: ChildProcess): Promise<unknown> => (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve())

const stopper = (child: ChildProcess) => async (): Promise<void> => {
  const ended = endOf(child)
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), patience)
  await ended
  clearTimeout(kill)
}

/**
 * Resolves when the shop answers. The shop also ends when this process does, however that happens.
 * @throws {UsageError} when it is not built · {RangeError} when an option is out of range · {TargetError} when it does not start, such as for a port in use
 */
export const startDemoShop = async ({ port = 0, seed = 1, ...switches }: DemoShopOptions = {}): Promise<DemoShop> => {
  const change = Object.entries(readChange(switches)).filter(([, value]) => value !== undefined)
  const flags = change.flatMap(([name, value]) => [`--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`, String(value)])
  // Without our own execArgv: a test runner's loader has no place in the shop.
  const child = fork(demoShopEntry(), ['--port', String(port), '--seed', String(seed), ...flags], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const said: string[] = []
  child.stderr?.on('data', (chunk) => said.push(String(chunk)))
  if (!child.stdout) throw new TypeError('The demo shop was started without a pipe for its output.')
  const firstLine = once(createInterface(child.stdout), 'line')
  const ready = await Promise.race([firstLine, once(child, 'exit').then(() => undefined)])
  if (!ready)
    throw new TargetError(
      `The demo shop ended before it was ready: ${said.join('').trim() || 'it said nothing'}. It should listen on 127.0.0.1:${port}. Try again, or give --target.`,
      'refused',
    )
  const { url, pid } = JSON.parse(String(ready[0])) as { url: string; pid: number }
  // The shop alone keeps nobody running.
  child.unref()
  child.channel?.unref()
  child.stdout.destroy()
  child.stderr?.destroy()
  return { url, pid, stop: stopper(child) }
}
