import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandKind, numbersIn } from '../../../runner/probes/command.ts'
import type { Probe } from '../../../runner/probes/probe.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const probeOf = (program: string, more: object = {}): Probe =>
  commandKind.create('queue', commandKind.options.parse({ command: [process.execPath, '-e', program], ...more }), world)

describe('what a program may print', () => {
  test.each([
    ['depth 12\nage=3.5\n', { depth: 12, age: 3.5 }],
    ['# a comment\n\n  jobs.waiting = 7  \n', { 'jobs.waiting': 7 }],
    ['42\n', { value: 42 }],
    ['{ "depth": 12, "age": null }', { depth: 12, age: null }],
  ])('%j', (printed, numbers) => {
    expect(Object.fromEntries(numbersIn(printed))).toEqual(numbers)
  })

  test.each([
    ['', /printed nothing/],
    ['depth twelve', /printed "depth twelve"/],
    ['depth 12 jobs', /printed "depth 12 jobs/],
    ['Depth 12', /names are lower case/],
    ['{ "depth": "12" }', /no JSON object of numbers/],
    ['{ "depth": 12', /no JSON object of numbers/],
  ])('%j is refused', (printed, sentence) => {
    expect(() => numbersIn(printed)).toThrow(sentence)
  })
})

test('its numbers are samples, with the unit and the limits that were given', async () => {
  const probe = probeOf('console.log("depth 12"); console.log("age=3")', { unit: 's', limits: { depth: 1000 } })
  expect(probe.every).toBe(5)
  await probe.start(never)
  expect(await probe.read(never)).toEqual([
    { name: 'queue.depth', unit: 's', limit: 1000, value: 12 },
    { name: 'queue.age', unit: 's', limit: null, value: 3 },
  ])
})

test('no shell reads the arguments', async () => {
  const probe = commandKind.create('queue', commandKind.options.parse({ command: ['printf', 'depth %s\\n', '12'] }), world)
  expect((await probe.read(never)).map(({ value }) => value)).toEqual([12])
  await expect(commandKind.create('queue', commandKind.options.parse({ command: ['printf', '%s\n', '$(echo 12)'] }), world).read(never)).rejects.toThrow(
    '$(echo 12)',
  )
})

test('a program that fails says how it ended and its last words; one that is not there is told as such', async () => {
  await expect(probeOf('console.log("depth 1"); console.error("no route\\nto the queue"); process.exit(3)').read(never)).rejects.toThrow(
    /ended with code 3: to the queue/,
  )
  await expect(probeOf('process.kill(process.pid, "SIGTERM")').read(never)).rejects.toThrow(/ended with signal SIGTERM/)
  const gone = commandKind.create('queue', commandKind.options.parse({ command: ['no-such-program'] }), world)
  await expect(gone.start(never)).rejects.toThrow('no-such-program was not found')
})

describe('a program that does not end', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scale-surgeon-command-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('is stopped with all that it started', async () => {
    const script = join(folder, 'hangs.sh')
    writeFileSync(script, `sleep 600 &\necho $! > ${folder}/sleeper\nwait\n`)
    const probe = commandKind.create('queue', commandKind.options.parse({ command: ['sh', script] }), world)
    const reading = expect(probe.read(never)).rejects.toThrow('sh was stopped')
    const sleeper = await untilWritten(join(folder, 'sleeper'))
    await probe.stop()
    await reading
    await expect.poll(() => isRunning(sleeper)).toBe(false)
  })
})

const untilWritten = async (file: string): Promise<number> => {
  for (;;) {
    try {
      const text = readFileSync(file, 'utf8').trim()
      if (text !== '') return Number(text)
    } catch {
      // not yet
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A process that has ended and that nobody has asked about is a zombie, state Z. */
const isRunning = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
