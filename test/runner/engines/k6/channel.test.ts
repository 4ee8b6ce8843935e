import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openChannel } from '../../../../runner/engines/k6/channel.ts'

const push = (port: number, body: string, headers: Record<string, string> = {}, path = '/v2/metrics/run') =>
  fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers: { authorization: 'Token secret', ...headers } })

test('takes each push once, in order, and answers before it is looked at', async () => {
  const taken: string[] = []
  const channel = await openChannel('secret', (body) => taken.push(body.toString()))
  expect((await push(channel.port, 'one', { 'k6-idempotency-key': 'a' })).status).toBe(200)
  expect((await push(channel.port, 'one', { 'k6-idempotency-key': 'a' })).status).toBe(200)
  expect((await push(channel.port, 'two', { 'k6-idempotency-key': 'b' })).status).toBe(200)
  await channel.close()
  expect(taken).toEqual(['one', 'two'])
})

test('believes nobody without the token', async () => {
  const taken: string[] = []
  const channel = await openChannel('secret', (body) => taken.push(body.toString()))
  expect((await push(channel.port, 'x', { authorization: 'Token guess!' })).status).toBe(403)
  expect((await push(channel.port, 'x', { authorization: 'Token' })).status).toBe(403)
  expect((await push(channel.port, 'x', {}, '/elsewhere')).status).toBe(403)
  await channel.close()
  expect(taken).toEqual([])
})

test('knows when it last heard of k6', async () => {
  const channel = await openChannel('secret', () => {})
  const opened = channel.lastPush()
  await wait(20)
  await push(channel.port, 'x')
  expect(channel.lastPush()).toBeGreaterThan(opened)
  await channel.close()
})
