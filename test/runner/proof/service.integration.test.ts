import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterEach, expect, test } from 'vitest'
import { groupOfProcess } from '../../../runner/machine/control-groups.ts'
import { textOf } from '../../../runner/machine/text.ts'
import { endAbandonedGroups } from '../../../runner/proof/group-end.ts'
import { type LimitedService, NoAnswerError, type Start, startService } from '../../../runner/proof/service.ts'
import { groupsLeft, mayMakeGroups } from '../../support/control-groups.ts'

const target = fileURLToPath(new URL('../../targets/cpu-bound.mjs', import.meta.url))
const built = new URL('../../../dist/runner/proof/service.js', import.meta.url).href
const node = `"${process.execPath}"`
const start = (change: Partial<Start>): Promise<LimitedService> =>
  startService({
    command: `${node} "${target}"`,
    limits: { vcpu: 0.5, gigabytes: 0.25 },
    cwd: process.cwd(),
    env: process.env,
    patience: 20,
    signal: new AbortController().signal,
    ...change,
  })

let service: LimitedService | undefined
afterEach(async () => {
  await service?.stop()
  service = undefined
  expect(groupsLeft(process.pid)).toEqual([])
})

test.skipIf(!mayMakeGroups)('a service and its children are in the group from their first moment, and gone with it', async () => {
  service = await start({ command: `sleep 600 & exec ${node} "${target}"` })
  const pids = readFileSync(`/sys/fs/cgroup/${service.group.version === 1 ? 'cpu' : ''}${service.group.path}/cgroup.procs`, 'utf8')
    .trim()
    .split('\n')
    .map(Number)
  expect(pids).toHaveLength(2)
  for (const pid of pids) expect(groupOfProcess(pid)?.path).toBe(service.group.path)
  expect(service.account()).toMatchObject({ quota: 0.5, memoryLimit: 0.25 * 2 ** 30, oomKills: 0 })
  await service.stop()
  // One that nobody asks about stays as a zombie until its parent does.
  for (const pid of pids) expect(textOf(`/proc/${pid}/stat`) ?? 'Z').toMatch(/Z/)
})

test.skipIf(!mayMakeGroups)('what a killed perf left running is ended by the next proof; what another perf runs is not', async () => {
  const owner = (seconds: string) =>
    execa('node', [
      '--input-type=module',
      '--eval',
      `import { startService } from ${JSON.stringify(built)}
      const { url, group } = await startService({ command: 'exec "${process.execPath}" "${target}"', limits: { vcpu: 0.5, gigabytes: 0.25 }, cwd: '.', env: {}, patience: 20, signal: new AbortController().signal })
      console.log(JSON.stringify({ url, group }))
      setTimeout(() => {}, ${seconds}000)`,
    ])
  const said = async (child: ReturnType<typeof owner>): Promise<string> =>
    JSON.parse(String((await once(child.stdout as NonNullable<typeof child.stdout>, 'data'))[0])).url
  const [killed, living] = [owner('60'), owner('60')]
  try {
    const [ofKilled, ofLiving] = await Promise.all([said(killed), said(living)])
    killed.kill('SIGKILL')
    await killed.catch(() => undefined)
    expect((await fetch(ofKilled)).status).toBe(200) // nobody ended it
    service = await start({})
    await expect(fetch(ofKilled)).rejects.toThrow('fetch failed')
    expect(groupsLeft(killed.pid ?? 0)).toEqual([])
    expect((await fetch(ofLiving)).status).toBe(200)
  } finally {
    living.kill('SIGKILL')
    await living.catch(() => undefined)
    await endAbandonedGroups()
  }
  expect(groupsLeft(living.pid)).toEqual([])
})

test.skipIf(!mayMakeGroups)('one that needs more memory than the size has does not come up, and the reason is said', async () => {
  const started = start({ command: `${node} "${target}" --megabytes 500` })
  await expect(started).rejects.toThrow(NoAnswerError)
  await expect(started).rejects.toThrow(/^The service did not come up: it ended .*killed for memory/)
})

test.skipIf(!mayMakeGroups)('one that listens elsewhere is told how it learns its port', async () => {
  await expect(start({ command: 'echo on my own port; exec sleep 600', patience: 1 })).rejects.toThrow(
    /^Nothing answered on port \d+ within 1 s; the service said "on my own port"\. It gets the port as PORT in its environment, and as \{port\} in the command\.$/,
  )
})

test.skipIf(!mayMakeGroups)('a command that is not there', async () => {
  await expect(start({ command: 'no-such-command --port {port}' })).rejects.toThrow(
    /it ended with code 127; its last words were ".*no-such-command.*not found"/,
  )
})
