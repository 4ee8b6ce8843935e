import { setTimeout as pause } from 'node:timers/promises'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { startDemoShop } from '../../../runner/demo-shop/start.ts'

const isAnswering = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    (answer) => answer.ok,
    () => false,
  )

test('the shop runs in a process of its own, with the switches it was given, until it is stopped', async () => {
  const shop = await startDemoShop({ pool: 3, delayMs: 1, slowQuery: true })
  expect(shop.pid).not.toBe(process.pid)
  expect(await (await fetch(`${shop.url}/switches`)).json()).toMatchObject({ pool: 3, delayMs: 1, slowQuery: true })
  await shop.stop()
  expect(await isAnswering(shop.url)).toBe(false)
  await shop.stop()
})

test('a port in use is said, with what to do', async () => {
  const shop = await startDemoShop()
  await expect(startDemoShop({ port: Number(new URL(shop.url).port) })).rejects.toThrow(/EADDRINUSE/)
  await shop.stop()
})

test('a freeze stops every answer for as long as it lasts', async () => {
  const shop = await startDemoShop()
  await fetch(`${shop.url}/switches`, { method: 'POST', body: '{"freezeMs": 1000}' })
  await pause(20)
  const start = performance.now()
  await fetch(`${shop.url}/health`)
  expect(performance.now() - start).toBeGreaterThan(600)
  await shop.stop()
})

test('the shop does not outlive a parent that was killed', async () => {
  const start = new URL('../../../dist/runner/demo-shop/start.js', import.meta.url)
  const parent = await execa({ reject: false })(process.execPath, [
    '--input-type=module',
    '--eval',
    `const { startDemoShop } = await import(${JSON.stringify(start.href)}); const { url } = await startDemoShop(); console.log(url); process.kill(process.pid, 'SIGKILL')`,
  ])
  expect(parent.signal).toBe('SIGKILL')
  for (let n = 0; n < 40 && (await isAnswering(parent.stdout)); n += 1) await pause(50)
  expect(await isAnswering(parent.stdout)).toBe(false)
})
