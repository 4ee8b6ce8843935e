import { expect, test } from 'vitest'
import { serve } from '../../../targets/target.ts'
import { measure } from './measuring.ts'

test('ten thousand URLs are all counted, as a hundred endpoints and one for those that came later', async () => {
  const target = await serve((_, response) => response.end('ok'))
  const { total, ending, error } = await measure({
    target: target.url,
    rate: '20/s',
    duration: '5s',
    plan: { users: 100, gracefulStop: 30 },
    scenario: `export default scenario({ journeys: [journey('browse', async ({ http, arrival }) => {
      for (let n = 0; n < 100; n++) await http.get('/product/shoe-' + (100 * arrival + n))
    })] })`,
  })
  const asked = await target.requests()
  await target.stop()
  expect(error).toBeUndefined()
  expect(asked).toBe(10_000)
  expect(total.cells.reduce((sum, { count }) => sum + count, 0)).toBe(10_000)
  expect(total.cells).toHaveLength(101)
  expect(total.cells.find(({ endpoint }) => endpoint === 'GET /product/*')).toMatchObject({ count: 9900, responseTime: { count: 9900 } })
  expect(ending?.caveats.map(({ text }) => text)).toEqual([expect.stringContaining('the 9900 that came later are counted together as "GET /product/*"')])
})
