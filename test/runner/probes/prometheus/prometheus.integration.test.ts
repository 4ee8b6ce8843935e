import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Probe, Sample } from '../../../../runner/probes/probe.ts'
import { prometheusKind } from '../../../../runner/probes/prometheus/prometheus.ts'
import { hasPrometheus, type Prometheus, startPrometheus } from '../../../support/prometheus.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const byName = (samples: readonly Sample[]) => new Map(samples.map((sample) => [sample.name, sample]))

describe.skipIf(!hasPrometheus)('a Prometheus that watches itself', () => {
  let server: Prometheus
  beforeAll(async () => {
    server = await startPrometheus()
    while ((await server.values('up')).length === 0) await new Promise((resolve) => setTimeout(resolve, 100)) // until it has scraped
  })
  afterAll(() => server?.stop())
  const probeOf = (queries: object, url = server.url): Probe => prometheusKind.create('shop', prometheusKind.options.parse({ url, queries }), world)

  test('numbers, sums and limits are what promtool prints', async () => {
    const probe = probeOf({
      up: 'up{job="itself"}',
      files: { query: 'process_open_fds', limit: 'process_max_fds' },
      parts: { query: 'go_info or process_max_fds or vector(0)', unit: 'bytes' },
      memory: { query: 'process_resident_memory_bytes', limit: 8e9, unit: 'bytes' },
      half: 'scalar(up) / 2',
    })
    await probe.start(never)
    const samples = byName(await probe.read(never))
    expect(samples.get('shop.up')).toEqual({ name: 'shop.up', unit: 'count', value: 1, limit: null })
    const [most] = await server.values('process_max_fds')
    expect(samples.get('shop.files')?.limit).toBe(most)
    const [open = 0] = await server.values('process_open_fds')
    expect(Math.abs((samples.get('shop.files')?.value ?? 0) - open)).toBeLessThanOrEqual(3) // a scrape may lie between
    const [memory = 0] = await server.values('process_resident_memory_bytes')
    expect(samples.get('shop.memory')).toMatchObject({ unit: 'bytes', limit: 8e9 })
    expect(Math.abs((samples.get('shop.memory')?.value ?? 0) - memory)).toBeLessThan(memory * 0.2)
    expect(samples.get('shop.half')?.value).toBe(0.5)
    const parts = await server.values('go_info or process_max_fds or vector(0)')
    expect(parts.length).toBeGreaterThan(1)
    expect(samples.get('shop.parts')?.value).toBe(parts.reduce((sum, part) => sum + part, 0))
    expect((await probe.stop()).caveats).toMatchObject([{ code: 'prometheus-several', text: expect.stringContaining(`up to ${parts.length} series`) }])
  })

  test('a query that finds nothing is a gap and a caveat, and one that is wrong is told before the load', async () => {
    const probe = probeOf({ up: 'up', nothing: 'http_requests_totl' })
    await probe.start(never)
    expect((await probe.read(never)).map(({ value }) => value)).toEqual([1, null])
    expect((await probe.stop()).caveats).toMatchObject([
      { code: 'prometheus-nothing', text: expect.stringMatching(/"nothing" of "shop" returned no number in 1 readings/) },
    ])
    await expect(probeOf({ wrong: 'rate(up)' }).start(never)).rejects.toThrow(/its query "wrong" \(rate\(up\)\) failed: .*range vector/)
    await expect(probeOf({ range: 'up[1m]' }).start(never)).rejects.toThrow(/returns a matrix/)
    await expect(probeOf({ up: 'up' }, 'http://127.0.0.1:1').start(never)).rejects.toThrow(/127\.0\.0\.1:1 gave no answer/)
  })
})
