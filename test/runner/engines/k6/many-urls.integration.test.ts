import { expect } from 'vitest'
import { serve } from '../../../targets/target.ts'
import { type Measuring, measure, testWithK6 } from './measuring.ts'

const load = { rate: '20/s', duration: '5s', plan: { users: 100, gracefulStop: 30 } } as const

const sources: Readonly<Record<string, Pick<Measuring, 'scenario' | 'script'>>> = {
  'a journey': {
    scenario: `export default scenario({ journeys: [journey('browse', async ({ http, arrival }) => {
      for (let n = 0; n < 100; n++) await http.get('/product/shoe-' + (100 * arrival + n))
    })] })`,
  },
  // k6 names its requests by their URLs, which gives it some ten series for each.
  'an existing script': {
    script: `import http from 'k6/http'
      import exec from 'k6/execution'
      export default function () {
        for (let n = 0; n < 100; n++) http.get(__ENV.PERF_TARGET + '/product/shoe-' + (100 * exec.scenario.iterationInTest + n))
      }`,
  },
}

for (const [name, source] of Object.entries(sources))
  testWithK6(`ten thousand URLs of ${name} are all counted, as a hundred endpoints and one for those that came later`, async () => {
    const target = await serve((_, response) => response.end('ok'))
    const { total, ending, error, log } = await measure({ target: target.url, ...load, ...source })
    const asked = await target.requests()
    await target.stop()
    expect(error).toBeUndefined()
    expect(log.filter((line) => /could not be read/.test(line))).toEqual([])
    expect(asked).toBe(10_000)
    expect(total.cells.reduce((sum, { count }) => sum + count, 0)).toBe(10_000)
    expect(total.cells).toHaveLength(101)
    expect(total.cells.find(({ endpoint }) => endpoint === 'GET /product/*')).toMatchObject({
      count: 9900,
      responseTime: { count: 9900 },
      setupTime: { count: 9900 },
    })
    const told = ending?.caveats.filter(({ code }) => code === 'endpoints-merged').map(({ text }) => text)
    expect(told).toEqual([expect.stringContaining('the 9900 that came later are counted together as "GET /product/*"')])
  })
