import { expect, test, vi } from 'vitest'
import { Pool, PoolFullError } from '../../../runner/demo-shop/pool.ts'

test('a third query waits for one of two connections', async () => {
  vi.useFakeTimers()
  const pool = new Pool(2, 10)
  const done: string[] = []
  const all = [pool.query(10).then(() => done.push('a')), pool.query(20).then(() => done.push('b')), pool.query(5).then(() => done.push('c'))]
  expect(pool.state).toMatchObject({ used: 2, waiting: 1 })
  await vi.advanceTimersByTimeAsync(14)
  expect(done).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(1)
  expect(done).toEqual(['a', 'c'])
  await vi.advanceTimersByTimeAsync(5)
  await Promise.all(all)
  expect(pool.state).toMatchObject({ used: 0, waiting: 0, queries: 3, rejected: 0 })
  vi.useRealTimers()
})

test('a query that may not even wait is turned away at once', async () => {
  const pool = new Pool(1, 1)
  const served = [pool.query(1), pool.query(1)]
  await expect(pool.query(1)).rejects.toThrow(PoolFullError)
  await Promise.all(served)
  expect(pool.state).toMatchObject({ queries: 2, rejected: 1 })
})

test('a larger pool serves those who wait', async () => {
  const pool = new Pool(1, 10)
  const all = Promise.all([pool.query(20), pool.query(1), pool.query(1)])
  pool.resize(3, 10)
  expect(pool.state).toMatchObject({ used: 3, waiting: 0 })
  await all
})
