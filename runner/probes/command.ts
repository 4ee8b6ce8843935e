/** Watches whatever a program prints: one line for each number, or one JSON object of numbers. */
import { spawn } from 'node:child_process'
import { z } from 'zod'
import { probeKind } from './kind.ts'
import type { Parting, Probe, Sample } from './probe.ts'

const options = z.strictObject({
  command: z.array(z.string()).min(1).describe('the program and its arguments, one by one: no shell reads them'),
  every: z.int().min(1).default(5).describe('seconds; starting a program costs more than asking one that runs'),
  unit: z.string().min(1).default('count').describe('of all its numbers'),
  limits: z.record(z.string(), z.number().positive()).default({}).describe('by the name of the number'),
})
type Options = z.output<typeof options>

const patience = 4000 // milliseconds: less than a reading may take, so that it is this probe that ends the program
const longest = 100_000 // characters
const numberName = /^[a-z][a-z0-9_.]*$/

const expected = 'Expected are lines "name value" or "name=value", one number alone, or one JSON object of numbers; names are lower case'

const named = (name: string, value: unknown): readonly [string, number | null] => {
  const number = value === null ? null : typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN
  if (!numberName.test(name) || (number !== null && !Number.isFinite(number)))
    throw new Error(`it printed ${JSON.stringify(`${name} ${value}`.slice(0, 80))}. ${expected}`)
  return [name, number]
}

/** Numbers by name; null is one that is unknown at this moment. @throws {Error} when something else is among them */
export const numbersIn = (printed: string): ReadonlyMap<string, number | null> => {
  const text = printed.trim()
  if (text === '') throw new Error(`it printed nothing. ${expected}`)
  if (text.startsWith('{')) {
    const object = z.record(z.string(), z.number().nullable()).safeParse(jsonOf(text))
    if (!object.success) throw new Error(`it printed what is no JSON object of numbers. ${expected}`)
    return new Map(Object.entries(object.data).map(([name, value]) => named(name, value)))
  }
  if (Number.isFinite(Number(text))) return new Map([['value', Number(text)]])
  const lines = text.split('\n').map((line) => line.trim())
  return new Map(
    lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name = line, value = ''] = /^([^\s=]+)(?:\s*=\s*|\s+)(\S+)$/.exec(line) ?? []
        return named(name, value)
      }),
  )
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

class CommandProbe implements Probe {
  readonly every: number
  #running: (() => void) | undefined

  constructor(
    readonly name: string,
    private readonly given: Options,
  ) {
    this.every = given.every
  }

  async start(): Promise<void> {
    await this.read()
  }

  async read(): Promise<readonly Sample[]> {
    const numbers = numbersIn(await this.#printed())
    return [...numbers].map(([what, value]) => ({
      name: `${this.name}.${what}`,
      unit: this.given.unit,
      limit: this.given.limits[what] ?? null,
      value,
    }))
  }

  async stop(): Promise<Parting> {
    this.#running?.()
    return {}
  }

  #printed(): Promise<string> {
    const [program = '', ...words] = this.given.command
    return new Promise((resolve, reject) => {
      // A group of its own: whatever it has started ends with it.
      const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
      let printed = ''
      let complaint = ''
      const end = (): void => {
        clearTimeout(late)
        this.#running = undefined
        if (child.pid === undefined) return // it never began, and group 0 would be our own
        try {
          process.kill(-child.pid, 'SIGKILL')
        } catch {
          // it has ended by itself
        }
      }
      const fail = (because: string): void => {
        end()
        reject(new Error(`${program} ${because}`))
      }
      const late = setTimeout(() => fail(`did not end within ${patience / 1000} s, and was stopped`), patience)
      this.#running = () => fail('was stopped')
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text
        if (printed.length > longest) fail(`printed more than ${longest} characters`)
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint = (complaint + text).slice(-500)
      })
      child.on('error', (error: NodeJS.ErrnoException) => fail(error.code === 'ENOENT' ? 'was not found' : error.message))
      child.on('close', (code, signal) => {
        const said = complaint.trim().split('\n').at(-1) ?? ''
        if (code === 0) {
          end()
          resolve(printed)
        } else fail(`ended with ${code === null ? `signal ${signal}` : `code ${code}`}${said === '' ? '' : `: ${said}`}`)
      })
    })
  }
}

export const commandKind = probeKind({
  kind: 'command',
  reads: 'numbers that a program prints, as lines "name value" or "name=value" or one JSON object',
  needs: 'What the program needs; it runs as the user who runs perf, on the same machine, without a shell.',
  options,
  create: (name, given) => new CommandProbe(name, given),
})
