import { expect, test } from 'vitest'
import { startPostgraphile } from './postgraphile.ts'
import { hasPostgres } from './postgres.ts'

test.skipIf(!hasPostgres)('PostGraphile answers from its own database, and both are gone afterwards', async () => {
  const api = await startPostgraphile({ pool: 3 })
  const query = '{ allProducts { totalCount } productById(id: 7) { name reviewsByProductId { totalCount } } }'
  const ask = () => fetch(`${api.url}${api.path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })
  const { products, reviewsPerProduct } = api.truth()
  expect(await (await ask()).json()).toEqual({
    data: { allProducts: { totalCount: products }, productById: { name: 'product 7', reviewsByProductId: { totalCount: reviewsPerProduct } } },
  })
  expect(Number(await api.postgres.sql("select count(*) from pg_stat_activity where backend_type = 'client backend'"))).toBeGreaterThan(0)
  await api.stop()
  await expect(ask()).rejects.toThrow()
  await expect(api.postgres.sql('select 1')).rejects.toThrow()
})
