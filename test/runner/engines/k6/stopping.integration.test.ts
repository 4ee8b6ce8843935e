import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { expect } from 'vitest'
import { startConstantDelay } from '../../../targets/delays.ts'
import { startHangs } from '../../../targets/faults.ts'
import { measure, requestsIn, testWithK6 } from './measuring.ts'

const get = `export default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('/') })] })`

/** Processes that work in a folder. */
const processesIn = (folder: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('options.json')
      } catch {
        return false
      }
    })

testWithK6('a k6 that is killed from outside leaves a failed run with what was measured until then', async () => {
  const target = await startConstantDelay(5)
  let killed = 0
  const { total, ending, error } = await measure({
    target: target.url,
    scenario: get,
    rate: '20/s',
    duration: '30s',
    meanwhile: {
      after: 5,
      run: async (folder) => {
        for (const pid of processesIn(folder)) {
          process.kill(pid, 'SIGKILL')
          killed += 1
        }
      },
    },
  })
  await target.stop()
  expect(killed).toBe(1)
  expect(error).toBeUndefined()
  expect(ending).toMatchObject({ state: 'failed', exitCode: null })
  expect(ending?.because).toContain('SIGKILL')
  expect(total.started).toBeGreaterThan(10)
  expect(total.started).toBeLessThan(110)
  expect(total.planned).toBe(total.started + total.dropped)
  expect(total.dropped).toBeLessThan(5)
})

testWithK6('a stop ends the load at once, with teardown and figures', async () => {
  const target = await startConstantDelay(20)
  const { total, ending } = await measure({ target: target.url, scenario: get, rate: '50/s', duration: '30s', stopAfter: 1.5 })
  const seen = await target.requests()
  await target.stop()
  expect(ending).toMatchObject({ state: 'stopped', exitCode: 103 })
  expect(total.planned).toBe(total.started + total.dropped)
  expect(total.planned).toBeGreaterThan(60)
  expect(total.planned).toBeLessThan(110)
  expect(total.dropped).toBeLessThanOrEqual(5)
  expect(total.iterations.completed + total.iterations.interrupted).toBe(total.started)
  // What was under way at the stop reached the server and has no outcome.
  expect(seen - requestsIn(total)).toBeGreaterThanOrEqual(0)
  expect(seen - requestsIn(total)).toBeLessThanOrEqual(total.iterations.interrupted)
})

testWithK6('a kill ends everything at once and keeps the figures', async () => {
  const target = await startHangs()
  const begun = Date.now()
  const { total, ending } = await measure({ target: target.url, scenario: get, rate: '10/s', duration: '30s', killAfter: 1 })
  await target.stop()
  expect(Date.now() - begun).toBeLessThan(12_000)
  expect(ending?.state).toBe('stopped')
  expect(total.started).toBeGreaterThan(5)
  expect(total.iterations).toMatchObject({ completed: 0, interrupted: total.started })
})

testWithK6('journeys that outlast the graceful stop are cut off and counted as such', async () => {
  const target = await startHangs()
  const { total, ending } = await measure({ target: target.url, scenario: get, rate: '20/s', duration: '500ms', plan: { gracefulStop: 1 } })
  await target.stop()
  expect(ending?.state).toBe('completed')
  expect(total).toMatchObject({ planned: 10, started: 10, dropped: 0 })
  expect(total.iterations).toMatchObject({ completed: 0, interrupted: 10 })
  expect(requestsIn(total)).toBe(0)
})
