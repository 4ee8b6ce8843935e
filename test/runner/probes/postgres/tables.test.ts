import { expect, test } from 'vitest'
import { missingIndex } from '../../../../runner/probes/postgres/tables.ts'

const table = { id: '1', schema: 'public', name: 'orders' }
const wanted = 'CREATE INDEX CONCURRENTLY ON "public"."orders" ("customer_id");'

test.each([
  ['a plain comparison', 'select sum(total) from orders where customer_id = $1', wanted],
  ['with schema, quotes and alias', 'SELECT * FROM "public"."orders" o WHERE o."customer_id" = $1 LIMIT $2', wanted],
  ['a range', 'select * from orders where customer_id > $1', wanted],
  ['a list', 'delete from orders where customer_id in ($1, $2)', wanted],
  ['an update', 'update orders set total = $1 where customer_id = $2', wanted],
  ['another table of a like name', 'select * from orders_archive where customer_id = $1', undefined],
  ['a join, in which the column may be of either', 'select * from orders join items on true where customer_id = $1', undefined],
  ['no condition at all', 'select count(*) from orders', undefined],
  ['a function of the column, which an index on it would not serve', 'select * from orders where lower(name) = $1', undefined],
])('%s', (_, query, index) => {
  expect(missingIndex(table, [query], new Map())).toBe(index)
})

test('a column that an index begins with needs none', () => {
  expect(missingIndex(table, ['select * from orders where customer_id = $1'], new Map([['1', new Set(['customer_id'])]]))).toBeUndefined()
})
