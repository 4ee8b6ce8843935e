import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { UsageError } from '../../../../runner/errors/usage-error.ts'
import type { Run } from '../../../../runner/run.ts'
import { fileStore } from '../../../../runner/stores/files/file-store.ts'
import { journalIn } from '../../../../runner/stores/files/journal.ts'
import { pointLatest } from '../../../../runner/stores/files/latest.ts'
import { aRun } from '../../../support/a-run.ts'

const base = mkdtempSync(join(tmpdir(), 'perf-store-test-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
let number = 0
const place = () => {
  const cwd = join(base, String(++number))
  mkdirSync(cwd)
  return { cwd, out: join(cwd, 'perf-results'), store: fileStore(join(cwd, 'perf-results'), cwd) }
}
const unpacked = (run: Run) => ({ ...run, timeline: [...run.timeline] })
const saved = async (run: Run) => {
  const at = place()
  const folder = await at.store.open(run.id)
  await at.store.save(run, folder)
  return { ...at, folder }
}

describe('a saved run', () => {
  test('comes back as it was, by each of its names', async () => {
    const run = aRun({ seconds: 5, rate: 10 })
    const { store, folder } = await saved(run)
    for (const name of [run.id, folder, join(folder, 'run.json'), 'latest', `perf-results/${run.id}`])
      expect(unpacked(await store.load(name)), name).toEqual(run)
  })

  test('is listed, oldest first, and latest is the one saved last', async () => {
    const { store } = place()
    for (const id of ['b', 'a'])
      await store.save({ ...aRun({ seconds: 1 }), id, startedAt: id === 'b' ? '2026-01-01T00:00:00.000Z' : '2026-01-02T00:00:00.000Z' }, await store.open(id))
    expect((await store.list()).map(({ id }) => id)).toEqual(['b', 'a'])
    expect((await store.load('latest')).id).toBe('a')
  })
})

describe('a run is named by as much of its id as it takes', () => {
  const two = async () => {
    const at = place()
    for (const id of ['2026-01-01-120000-spike-abcd', '2026-01-01-130000-smoke-wxyz'])
      await at.store.save({ ...aRun({ seconds: 1 }), id }, await at.store.open(id))
    return at
  }

  test.each(['abcd', '2026-01-01-12', 'spike-abcd'])('%s', async (name) => {
    const { store } = await two()
    expect((await store.load(name)).id).toBe('2026-01-01-120000-spike-abcd')
  })

  test.each([
    ['2026-01-01', '"2026-01-01" names 2 runs, the first 2026-01-01-120000-spike-abcd, the last 2026-01-01-130000-smoke-wxyz. One is needed.'],
    ['efgh', 'Run "efgh" does not exist. A run is named by its id'],
    ['cd', 'Run "cd" does not exist.'],
  ])('%s does not name one', async (name, says) => {
    const { store } = await two()
    await expect(store.find(name)).rejects.toThrow(says)
  })

  test('where there are none, how to make one is said', async () => {
    await expect(place().store.find('latest')).rejects.toThrow('Run "latest" does not exist: there are no runs in perf-results. Make one with perf run')
  })
})

test('a run that narrows the answer of a staircase is not the latest', async () => {
  const { store } = place()
  const stairs = aRun({ id: 'stairs', test: 'breakpoint', seconds: 1 })
  await store.save(stairs, await store.open('stairs'))
  const folder = await store.open('half-way')
  await pointLatest(dirname(folder), folder) // as its journal does while it goes on
  await store.save({ ...stairs, id: 'half-way', breakpoint: { refines: 'stairs' } }, folder)
  expect((await store.load('latest')).id).toBe('stairs')
})

describe('a run that can’t be read is refused, with what is wrong', () => {
  test.each([
    { what: 'not there', change: (folder: string) => rmSync(folder, { recursive: true }), says: /Run "[^"]+" does not exist/ },
    { what: 'without run.json', change: (folder: string) => rmSync(join(folder, 'run.json')), says: /holds no run\.json \(ENOENT\)/ },
    {
      what: 'cut short',
      change: (folder: string) => writeFileSync(join(folder, 'run.json'), readFileSync(join(folder, 'run.json'), 'utf8').slice(0, 200)),
      says: /run\.json is corrupt: /,
    },
    {
      what: 'of a newer format',
      change: (folder: string) => writeFileSync(join(folder, 'run.json'), '{"format":7}'),
      says: /has format 7\. This version of perf reads formats up to 1\. Update/,
    },
    { what: 'something else', change: (folder: string) => writeFileSync(join(folder, 'run.json'), '{"hello":1}'), says: /run\.json is not a run: / },
    {
      what: 'without its timeline',
      change: (folder: string) => rmSync(join(folder, 'timeline.ndjson.gz')),
      says: /timeline\.ndjson\.gz is missing or corrupt/,
    },
    {
      what: 'with half a timeline',
      change: (folder: string) => writeFileSync(join(folder, 'timeline.ndjson.gz'), readFileSync(join(folder, 'timeline.ndjson.gz')).subarray(0, 60)),
      says: /timeline\.ndjson\.gz is missing or corrupt/,
    },
    {
      what: 'with totals that are not those of its seconds',
      change: (folder: string) => {
        const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))
        record.load.completed += 1
        writeFileSync(join(folder, 'run.json'), JSON.stringify(record))
      },
      says: /contradicts itself: run\.json counts \d+ requests/,
    },
  ])('$what', async ({ change, says }) => {
    const run = aRun({ seconds: 3, rate: 10 })
    const { store, folder } = await saved(run)
    change(folder)
    await expect(store.load(run.id)).rejects.toThrow(UsageError)
    await expect(store.load(run.id)).rejects.toThrow(says)
  })
})

describe('an output folder that can’t be written', () => {
  test('is found before any load: it is a file', async () => {
    const { store, out } = place()
    writeFileSync(out, '')
    await expect(store.open('x')).rejects.toThrow(/Output folder .* can't be written \((ENOTDIR|EEXIST)\)/)
  })

  test.skipIf(process.platform !== 'linux')('is found before any load: no permission, not even for root', async () => {
    const store = fileStore('/sys/perf-results', base) // the kernel's own tree takes no new folders
    await expect(store.open('x')).rejects.toThrow(/can't be written \((EACCES|EPERM|EROFS)\)/)
  })

  test.skipIf(process.platform !== 'linux')('is found before any load: the disk is full', async () => {
    const { store, out } = place()
    mkdirSync(join(out, 'x'), { recursive: true })
    symlinkSync('/dev/full', join(out, 'x', '.writable')) // the kernel's own full disk
    await expect(store.open('x')).rejects.toThrow(/can't be written \(ENOSPC\)/)
  })

  test('that goes away during the run costs no run: it is kept elsewhere, and that is said', async () => {
    const run = aRun({ seconds: 2 })
    const { store, out } = place()
    const folder = await store.open(run.id)
    rmSync(out, { recursive: true })
    writeFileSync(out, 'in the way')
    const { folder: refuge, moved } = await store.save(run, folder)
    expect(moved).toContain(refuge)
    expect(JSON.parse(readFileSync(join(refuge, 'run.json'), 'utf8')).id).toBe(run.id)
    rmSync(refuge, { recursive: true })
  })
})

test('a timeline that was kept while the run went on is not written again', async () => {
  const run = aRun({ seconds: 5 })
  const { store } = place()
  const folder = await store.open(run.id)
  const journal = journalIn(folder)
  journal.begin({ ...run, caveats: [] })
  for (const second of run.timeline) journal.add(second)
  // Told late: a line of its own, which adds up with its second's.
  journal.add({ second: 2, bytesReceived: 7 })
  expect(await journal.close()).toBe(true)
  await store.save(run, folder, true)
  expect((await store.load(run.id)).timeline.at(2)?.bytesReceived).toBe((run.timeline[2]?.bytesReceived ?? 0) + 7)
})

test('a journal whose folder went away says that it kept nothing', async () => {
  const { store, out } = place()
  const folder = await store.open('x')
  const journal = journalIn(folder)
  journal.begin({ ...aRun({ seconds: 1 }), caveats: [] })
  journal.add({ second: 0 })
  rmSync(out, { recursive: true })
  expect(await journal.close()).toBe(false)
})

describe('a run whose program was killed', () => {
  const cutOff = async (last = '') => {
    const whole = aRun({ rate: 10, seconds: 30, errors: { 'HTTP 503': 5 } })
    const at = place()
    const folder = await at.store.open(whole.id)
    const journal = journalIn(folder)
    journal.begin({ ...whole, caveats: [] })
    for (const second of whole.timeline.slice(0, 20)) journal.add(second)
    await journal.close()
    // As it is on disk before the file is ended: flushed, without gzip's own end.
    const file = join(folder, 'timeline.ndjson.gz')
    writeFileSync(file, gzipSync(gunzipSync(readFileSync(file)).toString() + last, { finishFlush: constants.Z_SYNC_FLUSH }))
    return { ...at, whole, folder }
  }

  test('is put together as far as it was told, and says so', async () => {
    const { store, whole } = await cutOff()
    const run = await store.load('latest')
    expect(run.ending).toEqual({ state: 'incomplete', because: 'perf itself ended in mid-run; 20 of 30 s were kept' })
    expect(run.validity).toMatchObject({ state: 'SUSPECT', reasons: [{ code: 'incomplete' }] })
    expect([...run.timeline].map(({ cells }) => cells)).toEqual(whole.timeline.slice(0, 20).map(({ cells }) => cells))
    expect(run.load.planned).toBe(run.load.started + run.load.dropped)
    expect(run.load.started).toBe(run.iterations.completed + run.iterations.interrupted)
    expect((await store.list()).map(({ id }) => id)).toEqual([whole.id])
  })

  test('has what its probes had read until then, with what they missed', async () => {
    const whole = aRun({ seconds: 5 })
    const { store } = place()
    const folder = await store.open(whole.id)
    const journal = journalIn(folder)
    journal.begin({ ...whole, caveats: [] })
    for (const second of whole.timeline) journal.add(second)
    const sessions = (value: number) => [{ name: 'db.connections', unit: 'count', limit: 17, value }]
    journal.watched({ probe: 'db', kind: 'postgres', every: 1 })
    journal.watched({ probe: 'db', at: 0, samples: sessions(3) })
    journal.watched({ probe: 'db', at: 1, missed: 'connect ECONNREFUSED' })
    journal.watched({ probe: 'db', at: 2, samples: sessions(5) })
    await journal.close()
    const run = await store.load('latest')
    expect(run.probes).toEqual([{ name: 'db.connections', unit: 'count', limit: 17, at: [0, 1, 2], values: [3, null, 5] }])
    expect(run.watched).toEqual([{ name: 'db', kind: 'postgres', readings: 3, missed: 1 }])
    expect(run.caveats).toMatchObject([{ code: 'probe-failed', text: expect.stringContaining('at 0:01 (connect ECONNREFUSED)') }])
    await store.save(whole, folder)
    expect(readdirSync(folder).sort()).toEqual(['run.json', 'timeline.ndjson.gz'])
  })

  test('with half a last line loses that line and no more', async () => {
    const { store } = await cutOff('{"second":20,"started":1')
    expect((await store.load('latest')).timeline).toHaveLength(20)
  })

  test('with its last bytes never written loses what was in them and no more', async () => {
    const { store, whole, folder } = await cutOff()
    const file = join(folder, 'timeline.ndjson.gz')
    writeFileSync(file, readFileSync(file).subarray(0, -40))
    const { timeline } = await store.load('latest')
    expect(timeline.length).toBeLessThan(20)
    expect([...timeline].map(({ cells }) => cells)).toEqual(whole.timeline.slice(0, timeline.length).map(({ cells }) => cells))
  })

  test('that was saved whole after all keeps no journal', async () => {
    const { store, whole, folder } = await cutOff()
    await store.save(whole, folder)
    expect(readdirSync(folder).sort()).toEqual(['run.json', 'timeline.ndjson.gz'])
    expect(unpacked(await store.load('latest'))).toEqual(whole)
  })
})
