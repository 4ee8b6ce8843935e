import { expect, test } from 'vitest'
import { gateFor } from '../../../runner/audit/gate.ts'
import type { AllowedTarget } from '../../../runner/config.ts'
import { perSecond } from '../../../scenarios/units.ts'

const entry = (host: string, more: Partial<AllowedTarget> = {}): AllowedTarget => ({
  host,
  owner: 'team',
  environment: 'staging',
  maxRate: perSecond(10),
  maxDuration: 60,
  expires: '2030-01-01',
  ...more,
})
const asked: string[] = []
const world = {
  resolve: async (name: string) => {
    asked.push(name)
    return ['198.51.100.7']
  },
  today: '2026-11-21',
  production: false,
}
const here = { hostname: 'localhost', addresses: ['127.0.0.1'], isLoopback: true }
const there = { hostname: 'shop.test', addresses: ['198.51.100.1'], isLoopback: false }
const allow = [entry('shop.test'), entry('*.shop.test'), entry('old.test', { expires: '2026-01-01' }), entry('live.test', { environment: 'production' })]

test("the page's own host is asked at the addresses that were checked, and nowhere else", async () => {
  expect(await gateFor(there, allow, world)(new URL('https://SHOP.test/x'))).toEqual({ addresses: there.addresses })
})

test('listed hosts are asked, by their suffix too', async () => {
  expect(await gateFor(there, allow, world)(new URL('https://cdn.shop.test/x'))).toEqual({ addresses: ['198.51.100.7'] })
})

test.each([
  ['http://elsewhere.test/', 'elsewhere.test is not in targets.allow'],
  ['http://old.test/', 'The entry for old.test in targets.allow expired on 2026-01-01'],
  ['http://live.test/', 'live.test is a production target by its entry in targets.allow'],
  ['http://169.254.169.254/', '169.254.169.254 is not in targets.allow of the configuration'],
])('%s is refused: %s', async (url, refused) => {
  expect(await gateFor(here, allow, world)(new URL(url))).toEqual({ refused })
})

test('names that nobody listed are not looked up', async () => {
  asked.length = 0
  await gateFor(here, allow, world)(new URL('http://tracker.test/'))
  expect(asked).toEqual([])
})

test('a page from this machine may ask this machine, a page from elsewhere may not', async () => {
  const local = new URL('http://127.0.0.1:6379/')
  expect(await gateFor(here, allow, world)(local)).toEqual({ addresses: ['127.0.0.1'] })
  expect(await gateFor(there, allow, world)(local)).toEqual({ refused: '127.0.0.1 is this machine, and the page is not from here' })
})
