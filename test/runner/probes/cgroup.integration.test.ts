import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { cgroupKind } from '../../../runner/probes/cgroup.ts'

/** Trees in which this user may make groups: those of version 1, or the one of version 2. */
const trees = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpuacct', '/sys/fs/cgroup/memory']
const mayMakeGroups = trees.every((tree) => {
  try {
    accessSync(tree, constants.W_OK)
    return true
  } catch {
    return false
  }
})
const name = `perf-test-${process.pid}`
const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal

let busy: ChildProcess | undefined
afterEach(async () => {
  if (busy !== undefined && busy.exitCode === null) {
    const ended = new Promise((resolve) => busy?.once('exit', resolve))
    busy.kill('SIGKILL')
    await ended
  }
  for (const tree of trees) {
    try {
      rmdirSync(join(tree, name))
    } catch {
      // The kernel lets go of it a moment later; an empty group costs nothing.
    }
  }
})

test.skipIf(!mayMakeGroups)('a quarter of a core is what a busy loop gets, and the probe says so as the kernel does', async () => {
  for (const tree of trees) mkdirSync(join(tree, name))
  writeFileSync(join('/sys/fs/cgroup/cpu', name, 'cpu.cfs_quota_us'), '25000')
  writeFileSync(join('/sys/fs/cgroup/memory', name, 'memory.limit_in_bytes'), String(256 * 1024 * 1024))
  busy = spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' })
  for (const tree of trees) writeFileSync(join(tree, name, 'cgroup.procs'), String(busy.pid))

  const probe = cgroupKind.create('app', { pid: busy.pid ?? 0 }, world)
  await probe.start(never)
  await probe.read(never)
  const kernel = (): number => Number(readFileSync(join('/sys/fs/cgroup/cpuacct', name, 'cpuacct.usage'), 'utf8')) / 1e9
  const throttling = (): number[] => [...readFileSync(join('/sys/fs/cgroup/cpu', name, 'cpu.stat'), 'utf8').matchAll(/\d+/g)].map(Number)
  const [from, stood, at] = [kernel(), throttling(), performance.now()]
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const samples = new Map((await probe.read(never)).map((sample) => [sample.name, sample]))
  const seconds = (performance.now() - at) / 1000
  const used = (kernel() - from) / seconds
  const [periods = 0, throttled = 0, waited = 0] = throttling().map((now, field) => now - (stood[field] ?? 0))
  expect(samples.get('app.cpu')).toMatchObject({ unit: 'cores', limit: 0.25 })
  expect(samples.get('app.cpu')?.value).toBeLessThan(0.3)
  expect(Math.abs((samples.get('app.cpu')?.value ?? 0) - used)).toBeLessThan(0.02)
  // How often a quota binds depends on how many cores the machine has left; that it did, and how often, the kernel says.
  expect(throttled).toBeGreaterThan(0)
  expect(Math.abs((samples.get('app.throttled')?.value ?? 0) - throttled / periods)).toBeLessThan(0.15)
  expect(Math.abs((samples.get('app.throttled_time')?.value ?? 0) - waited / 1e9 / seconds)).toBeLessThan(0.1)
  expect(samples.get('app.memory')).toMatchObject({ unit: 'bytes', limit: 256 * 1024 * 1024 })
  expect(await probe.stop()).toEqual({})
})
