import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Run } from '../../../runner/run.ts'
import { aPool } from '../../support/a-pool.ts'
import { aRun, holds } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'
import { saveRuns } from '../../support/a-store.ts'
import { perfHere } from '../../support/perf-here.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/advise.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-advise-'))
const rates = [20, 40, 60, 80, 120]
const hold = 12
const rateAt = (at: number): number => rates[Math.floor(at / hold)] ?? 0
/** Four connections of 40 ms hold 100 a second; 5 ms of a core each, 300 MB. */
const broken = aRun({
  id: 'broken',
  test: 'breakpoint',
  shape: holds(...rates.map((rate) => [rate, hold] as const)),
  answer: aPool({ connections: 4, busy: 40 }),
  probes: [
    aSeries('app.cpu', 'cores', rates.length * hold, (at) => 0.02 + 0.005 * Math.min(100, rateAt(at)), 1),
    aSeries('app.memory', 'bytes', rates.length * hold, () => 3e8, 1e9),
  ],
})
const long = aRun({
  id: 'long',
  rate: 75,
  seconds: 700,
  probes: [aSeries('app.cpu', 'cores', 700, () => 0.395, 1), aSeries('app.memory', 'bytes', 700, () => 3e8, 1e9)],
})
const throttled = { ...long, id: 'throttled', probes: [...long.probes, aSeries('app.throttled', 'ratio', 700, () => 0.3)] }
const late: Run = { ...long, id: 'late', validity: { state: 'INVALID', reasons: [] } }
beforeAll(() => saveRuns(cwd, [broken, long, throttled, late]))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const expected = ['--rate', '100/s', '--expect', '1000/s', '--start-up', '90s']
const perf = async (...argv: string[]) => {
  const said = await perfHere(['advise', ...argv], { cwd, now: () => new Date('2026-11-21') })
  return { ...said, prose: said.stdout.replace(/\s+/g, ' ') }
}

describe('advice from a breakpoint test and a long run', () => {
  let told: Awaited<ReturnType<typeof perf>>
  beforeAll(async () => {
    told = await perf('broken', 'long', ...expected)
  })

  test('says how many must be there before a sudden height, the size, and the cost', () => {
    const { code, stdout, prose } = told
    expect(code).toBe(0)
    // 4 connections held 80/s with 42 % of a core; of half a vCPU 70 % may be busy, which serves 66/s, so 1,000/s at once need 16 from the first second on.
    expect(prose).toContain("Reacting alone can't meet it for 100/s to 1,000/s at once")
    expect(prose).toContain('Instances 16 at least, 20 at most')
    expect(prose).toMatch(/\* \d+ × [\d.]+ vCPU, [\d.]+ GB: [\d.]+ USD an hour, \d+ % busy/)
    expect(prose).toMatch(/[\d,.]+ USD a month for the height all day: [\d.]+ USD per million requests\./)
    expect(prose).toContain('told from CPU')
    expect(prose).toContain('Not CPU bounds it: it held 80/s with 42 % of its CPU in use')
    expect(prose).toMatch(/ARM would cost [\d.]+ USD for the same size, a price and no advice/)
    expect(prose).toMatch(/Paid for [\d,]+ instance-hours a month, [\d.,]+ USD, with such a rise each day\./)
    expect(prose).toContain('Not proved yet')
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('says when each alert sounds, and why where there is none', () => {
    const { prose } = told
    expect(prose).toMatch(/Alerts - critical: Response time, warning at [\d.]+ ms, critical at 180 ms, for 2 min\. In run broken p95 was/)
    expect(prose).toContain('low: Instances at maximum, warning at 19, critical at 20')
    expect(prose).toContain('No alert on CPU, because another size is recommended than was measured')
    expect(prose).toContain('No alert on a queue, because no probe watched one.')
  })

  test('one JSON document, with the date of its prices', async () => {
    const { stdout } = await perf('broken', 'long', ...expected, '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      runs: ['broken', 'long'],
      capacity: 80,
      scaling: { minimum: 16, maximum: 20, type: 'target-tracking', target: { metric: 'requests' }, period: 60 },
      size: { architecture: 'x86' },
      cost: { currency: 'USD' },
      declined: [expect.stringMatching(/^No alert on connections/), expect.stringMatching(/^No alert on CPU/), expect.stringMatching(/^No alert on a queue/)],
      prices: { region: 'us-east-1', dated: '2026-06-30' },
    })
    expect(stdout.length).toBeLessThan(5000)
  })

  test('a launch whose beginning is known is scheduled, and only the calm is always there', async () => {
    const { prose } = await perf('broken', 'long', ...expected, '--at', '2026-12-01T18:00Z')
    expect(prose).toContain('Instances 2 at least, 20 at most 16 at least from 2026-12-01T17:53:30 until 2026-12-01T18:25:00 UTC')
    expect(prose).toMatch(/Played with its schedule nobody waits longer than 0\.5 s; \d+ min after its end there are 2 instances again\./)
  })

  test('where one of three zones may be lost, half as many more are there', async () => {
    const { prose } = await perf('broken', 'long', ...expected, '--zones', '3')
    expect(prose).toContain('Instances 24 at least, 24 at most')
    expect(prose).toContain('So that one of 3 zones may be lost without missing it, 24 instances at least in place of 16.')
    const { code, stderr } = await perf('long', ...expected, '--zones', '1')
    expect(code).toBe(2)
    expect(stderr).toContain('--zones "1" is no whole number of at least 2.')
  })

  test('pods are sized to the thousandth of a core', async () => {
    const { prose } = await perf('broken', 'long', ...expected, '--policy', 'hpa')
    expect(prose).toMatch(/14 pods serve 1,000\/s, each requesting \d+m of CPU, .* and 352Mi of memory as request and limit/)
  })

  test('prices of one own take the place of the shipped ones', async () => {
    const shipped = JSON.parse(readFileSync(new URL('../../../budgets/advice/prices/us-east-1.json', import.meta.url), 'utf8'))
    writeFileSync(join(cwd, 'prices.json'), JSON.stringify({ ...shipped, currency: 'EUR', region: 'eu-central-1' }))
    writeFileSync(join(cwd, 'dear.json'), JSON.stringify({ ...shipped, fargate: { x86: { vcpuHour: -1, gigabyteHour: 1 } } }))
    expect((await perf('broken', 'long', ...expected, '--prices', 'prices.json')).prose).toMatch(/[\d.]+ EUR an hour/)
    const { code, stderr } = await perf('long', ...expected, '--prices', 'dear.json')
    expect(code).toBe(2)
    expect(stderr).toContain('dear.json at "fargate.x86.vcpuHour" is wrong: ')
    expect(stderr).toContain('Prices have the form that perf schema prices prints. Correct it.')
    expect((await perf('long', ...expected, '--prices', 'none.json')).stderr).toContain("Prices none.json can't be read (ENOENT).")
  })

  test('old prices are said', async () => {
    const said = await perfHere(['advise', 'broken', 'long', ...expected], { cwd, now: () => new Date('2027-06-01') })
    expect(said.stdout.replace(/\s+/g, ' ')).toMatch(/The prices of us-east-1 are \d+ days old/)
  })
})

describe('kept beside the newest run', () => {
  let stderr: string
  beforeAll(async () => {
    stderr = (await perf('broken', 'long', ...expected)).stderr
  })

  test('its report shows it from then on', async () => {
    const [, file] = /Kept in (\S+advice\.json); (\S+report\.html) shows it\./.exec(stderr.replace(/\s+/g, ' ')) ?? []
    const kept = JSON.parse(readFileSync(join(cwd, file ?? ''), 'utf8'))
    expect(kept).toMatchObject({ format: 1, runs: ['broken', 'long'], scaling: { minimum: 16 } })
    expect(kept.simulation.points.length).toBeLessThanOrEqual(240)
    expect(readFileSync(join(cwd, dirname(file ?? ''), 'report.html'), 'utf8')).toContain('<h2 id="advice-title">What to deploy</h2>')
    const drawn = await perfHere(['report', dirname(file ?? ''), '--format', 'json'], { cwd })
    expect(JSON.parse(drawn.stdout).advice).toMatchObject({ instances: { minimum: 16, maximum: 20 }, proof: null })
  })

  test('one that is corrupt is named, and nothing is drawn without it', async () => {
    const file = join(cwd, /Kept in (\S+advice\.json)/.exec(stderr)?.[1] ?? '')
    writeFileSync(file, '{ "format": 7 }')
    const { code, stderr: said } = await perfHere(['report', dirname(file)], { cwd })
    expect([code, said.replace(/\s+/g, ' ')]).toEqual([
      2,
      expect.stringContaining("advice.json can't be understood. It is what perf advise keeps beside a run, in format 1. Remove it"),
    ])
    rmSync(file)
  })
})

describe('what is expected is read as perf ready reads it', () => {
  const dayOf = (second: number): string => new Date(second * 1000).toISOString()
  const rest = ['--rate', '20/s', '--start-up', '90s']

  test('the access log of a past rush', async () => {
    const lines = Array.from({ length: 120 }, (_, at) => `${JSON.stringify({ time: dayOf(1.7e9 + at) })}\n`.repeat(at === 60 ? 400 : 2)).join('')
    writeFileSync(join(cwd, 'rush.ndjson'), lines)
    const { code, prose } = await perf('broken', 'long', '--access-log', 'rush.ndjson', ...rest)
    expect(code).toBe(0)
    expect(prose).toContain('638 requests in 2 min, 5.32/s on the average and 400 in the busiest second')
    expect((await perf('broken', 'long', '--expect', 'access-log:rush.ndjson', ...rest)).prose).toBe(prose)
  })

  test('a preset', async () => {
    expect((await perf('broken', 'long', '--expect', 'viral', ...rest)).prose).toContain('20 times the ordinary 20/s, 400/s, within 20 s')
  })

  test('one of the two ways to say it', async () => {
    const { code, stderr } = await perf('broken', '--expect', '40/s', '--access-log', 'rush.ndjson', ...rest)
    expect(stderr).toContain('Both --expect and --access-log were given.')
    expect(code).toBe(2)
  })
})

describe('--history', () => {
  const write = (name: string, days: number) => {
    const start = Date.parse('2026-11-01T00:00:00Z')
    const rows = Array.from({ length: 24 * days }, (_, at) => `${new Date(start + 3600e3 * at).toISOString()},${3600 * (at % 24 === 20 ? 300 : 60)}`)
    writeFileSync(join(cwd, name), rows.join('\n'))
    return name
  }

  test('forecasts the ordinary rate and the height, which --rate and --expect replace', async () => {
    // Hours of traffic are played; this policy has the fewest settings to play.
    const history = ['--history', write('month.csv', 21), '--start-up', '90s', '--policy', 'ecs-20s']
    const { code, prose } = await perf('broken', 'long', ...history)
    expect(code).toBe(0)
    expect(prose).toContain('60/s ordinarily. The last week once more')
    expect(prose).toContain('That is 300/s at the height.')
    expect((await perf('broken', 'long', ...history, '--rate', '20/s')).prose).toContain('20/s ordinarily.')
    expect((await perf('broken', 'long', ...history, '--expect', '5x')).prose).toContain('5 times the ordinary 60/s')
  })

  test('that is too short is no forecast', async () => {
    const { code, stderr } = await perf('long', '--history', write('day.csv', 1))
    expect(code).toBe(2)
    expect(stderr).toContain('No forecast, because 24 h exist and 48 h are needed. Without a forecast the rates must be given. Write --rate and --expect.')
  })
})

describe('declined', () => {
  test('without the start-up time nothing rests on new instances coming', async () => {
    const { prose } = await perf('broken', 'long', '--rate', '100/s', '--expect', '1000/s')
    expect(prose).toContain('Whether reacting is enough for 100/s to 1,000/s at once is unknown, because the start-up is.')
    expect(prose).toContain('Simulated with assumed start time 60 s, because it was neither measured nor given.')
  })

  test('without a breakpoint test too', async () => {
    expect((await perf('long', ...expected)).prose).toContain('what an instance can serve within the objective was not measured')
  })

  test('a short run has no size', async () => {
    expect((await perf('broken', ...expected)).prose).toMatch(/Size unknown, because \d+ seconds at the planned rate were measured and 600 are needed/)
  })

  test('a run that is INVALID is left out, and said to be', async () => {
    const { prose, stdout } = await perf('broken', 'late', ...expected)
    expect(prose).toContain('Run late is left out, because it is INVALID. perf report late says why.')
    expect(stdout).toContain('Size unknown')
  })

  test('a throttled one has none either', async () => {
    expect((await perf('broken', 'throttled', ...expected)).prose).toContain('the measured CPU is the limit, not the need. Measure at a larger size.')
  })

  test.each([
    [['long', '--expect', '5x'], 'What is expected is not known'],
    [['long', '--rate', 'many', '--expect', '5x'], 'Rate "many" has no unit. Rates are arrivals per time, such as 50/s or 3000/m. Write --rate 50/s.'],
    [['long', '--rate', '0/s', '--expect', '5x'], 'Rate "0/s" makes no load at all. A rate is above 0.'],
    [['long', '--rate', '5/s', '--expect', 'much'], '"much" is no expectation that is understood'],
    [['long', ...expected, '--at', 'tomorrow'], '--at "tomorrow" is no moment. Moments are a date, a time and a zone.'],
    [['long', ...expected, '--policy', 'magic'], '--policy "magic" is not known. It is ecs, ecs-20s, hpa, keda.'],
    [
      ['long', '--rate', '5/s', '--expect', '5x', '--start-up', 'soon'],
      'Duration "soon" has no unit that is known. Durations look like 30s, 5m or 1h30m. Write --start-up 30s.',
    ],
  ])('%j', async (argv, words) => {
    const { code, stderr } = await perf(...argv)
    expect(code).toBe(2)
    expect(stderr).toContain(words)
  })
})

describe('--as', () => {
  /** A PATH with nothing on it but this terraform. */
  const pathWith = (terraform?: string): string => {
    const folder = mkdtempSync(join(cwd, 'path-'))
    if (terraform !== undefined) writeFileSync(join(folder, 'terraform'), `#!/bin/sh\n${terraform}\n`, { mode: 0o755 })
    return folder
  }
  const as = async (format: string, terraform: string | undefined, ...argv: string[]) => {
    const said = await perfHere(['advise', 'broken', 'long', ...expected, '--as', format, ...argv], { cwd, env: { PATH: pathWith(terraform) } })
    return { ...said, says: said.stderr.replace(/\s+/g, ' ').trim() }
  }

  test('prints what its validator accepts, and nothing beside it', async () => {
    const { code, stdout, stderr } = await as('terraform', 'exit 0')
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(stdout).toContain('min_capacity = 16')
    expect(stdout).toContain('from runs broken, long.')
  })

  test('says what was not checked where the validator is not installed, and how to get it', async () => {
    const { code, stdout, says } = await as('terraform', undefined)
    expect(code).toBe(0)
    expect(stdout).toContain('min_capacity = 16')
    expect(says).toBe('Not checked: the syntax of the Terraform files, because terraform was not found. Install Terraform, so that terraform is on PATH.')
  })

  test('prints nothing when a validator refuses, but the words that it said', async () => {
    const { code, stdout, says } = await as('terraform', 'echo "line 3: what is this?" >&2; exit 2')
    expect(code).toBe(5)
    expect(stdout).toBe('')
    expect(says).toContain('terraform refused what was written, so nothing is printed: line 3: what is this?')
  })

  test('writes several files into a folder, or none when one is refused', async () => {
    expect((await as('terraform', 'exit 0', '-o', 'infra')).says).toBe('Wrote infra/scaling.tf Wrote infra/task_size_override.tf')
    expect(readFileSync(join(cwd, 'infra', 'task_size_override.tf'), 'utf8')).toMatch(/cpu = "\d+"/)
    await as('terraform', 'exit 2', '-o', 'refused')
    expect(existsSync(join(cwd, 'refused'))).toBe(false)
  })

  test('a path that is no folder is bad usage', async () => {
    writeFileSync(join(cwd, 'plain'), '')
    const { code, says } = await as('terraform', 'exit 0', '-o', 'plain/infra')
    expect(code).toBe(2)
    expect(says).toContain("plain/infra can't be written (ENOTDIR).")
  })

  test('with nothing to recommend there is nothing to write', async () => {
    const { code, stdout, stderr } = await perf('long', '--rate', '100/s', '--expect', '1000/s', '--as', 'terraform')
    expect(code).toBe(3)
    expect(stdout).toBe('')
    const says = stderr.replace(/\s+/g, ' ')
    expect(says).toContain('There is nothing to write as terraform, because neither scaling nor a size is recommended. No target recommended, because neither')
    expect(says).toContain('Size unknown')
  })

  test.each(['prometheus-rules', 'cloudwatch-alarms', 'grafana', 'hpa', 'keda'])('%s writes what was derived from these runs', async (format) => {
    const { code, stdout, stderr } = await perf('broken', 'long', ...expected, '--as', format)
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/(groups|Resources|panels|spec)"?:/)
    expect(stdout).toContain('broken')
  })

  test.each([
    [['--as', 'pulumi'], '--as "pulumi" is not known. It is'],
    [['--as', 'terraform', '--json'], '--json and --as terraform were both given.'],
    [['--as', 'terraform', '--policy', 'hpa'], 'What is written must be what was played. Write --policy ecs.'],
    [['-o', 'x'], '-o was given without --as.'],
  ])('%j', async (argv, words) => {
    const { code, stderr } = await perf('broken', 'long', ...expected, ...argv)
    expect(code).toBe(2)
    expect(stderr.replace(/\s+/g, ' ')).toContain(words)
  })
})
