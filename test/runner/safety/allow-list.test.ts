import { describe, expect, test } from 'vitest'
import type { AllowedTarget } from '../../../runner/config.ts'
import { SafetyError } from '../../../runner/errors/safety-error.ts'
import { TargetError } from '../../../runner/errors/target-error.ts'
import { UsageError } from '../../../runner/errors/usage-error.ts'
import { admit } from '../../../runner/safety/allow-list.ts'
import type { PerSecond } from '../../../scenarios/units.ts'

const names: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'shop.example.com': ['203.0.113.7'],
  'api.example.com': ['203.0.113.8'],
  'private.example.com': ['10.1.2.3'],
  'metadata.example.com': ['169.254.169.254'],
  'half.example.com': ['127.0.0.1', '203.0.113.9'],
}
const resolve = async (name: string) => names[name] ?? Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }))
const entry = (host: string, more: Partial<AllowedTarget> = {}): AllowedTarget => ({
  host,
  owner: 'team-shop',
  environment: 'staging',
  maxRate: 100 as PerSecond,
  maxDuration: 600,
  expires: '2026-12-31',
  ...more,
})
const load = { peak: 50, duration: 60, users: 100 }
const ask = (url: string, allow: readonly AllowedTarget[] = [], more: { load?: typeof load; today?: string; production?: boolean } = {}) =>
  admit(url, allow, more.load ?? load, { resolve, today: more.today ?? '2026-11-21', production: more.production ?? false })

describe('loopback is open', () => {
  test.each(['http://127.0.0.1:3000', 'http://127.9.9.9', 'http://[::1]:80', 'http://localhost/shop/'])('%s', async (url) => {
    const { boundary, entry } = await ask(url)
    expect(boundary.hosts).toEqual([])
    expect(entry).toBeUndefined()
  })

  test('the target keeps its path and loses its last slash', async () => {
    expect((await ask('http://localhost:8080/shop/')).target).toEqual({
      url: 'http://localhost:8080/shop',
      hostname: 'localhost',
      addresses: ['127.0.0.1', '::1'],
    })
  })
})

describe('everything else is refused, unless listed', () => {
  test.each(['http://shop.example.com', 'http://private.example.com', 'http://10.1.2.3', 'http://203.0.113.7:80', 'http://half.example.com'])(
    '%s',
    async (url) => {
      await expect(ask(url)).rejects.toThrow(SafetyError)
      await expect(ask(url)).rejects.toThrow(/is not in targets\.allow/)
    },
  )

  test('a listed host is pinned to the addresses that were checked, and other listed hosts with it', async () => {
    const { boundary } = await ask('https://shop.example.com', [entry('shop.example.com'), entry('api.example.com'), entry('gone.example.com')])
    expect(boundary.hosts).toEqual([
      { hostname: 'shop.example.com', addresses: ['203.0.113.7'] },
      { hostname: 'api.example.com', addresses: ['203.0.113.8'] },
    ])
  })

  test('a suffix covers hosts below it and no look-alike', async () => {
    await expect(ask('https://shop.example.com', [entry('*.example.com')])).resolves.toBeDefined()
    await expect(ask('https://shop.example.com', [entry('*.ample.com')])).rejects.toThrow(SafetyError)
  })

  test.each([
    { because: 'the rate is above its ceiling', more: { load: { ...load, peak: 101 } }, says: /permits 100\/s/ },
    { because: 'the run is longer than its ceiling', more: { load: { ...load, duration: 601 } }, says: /permits 600 s/ },
    { because: 'it expired', more: { today: '2027-01-01' }, says: /expired on 2026-12-31/ },
  ])('a listed host is refused when $because', async ({ more, says }) => {
    await expect(ask('https://shop.example.com', [entry('shop.example.com')], more)).rejects.toThrow(says)
  })

  test('production is asked for twice', async () => {
    const allow = [entry('shop.example.com', { environment: 'production' })]
    await expect(ask('https://shop.example.com', allow)).rejects.toThrow(/--production/)
    await expect(ask('https://shop.example.com', allow, { production: true })).resolves.toBeDefined()
  })

  test('no entry opens the address of a cloud machine’s own metadata', async () => {
    await expect(ask('http://metadata.example.com', [entry('metadata.example.com')])).rejects.toThrow(/169\.254\.169\.254, a linkLocal address/)
  })
})

describe('hard ceilings hold on loopback too', () => {
  test.each([{ peak: 200_001 }, { duration: 72 * 3600 + 1 }])('%o', async (over) => {
    await expect(ask('http://127.0.0.1', [], { load: { ...load, ...over } })).rejects.toThrow(/nothing lifts that/)
  })
})

describe('targets that are none', () => {
  test.each(['shop', 'ftp://127.0.0.1', 'http://', '127.0.0.1:3000', ''])('"%s" is no URL to test', async (url) => {
    await expect(ask(url)).rejects.toThrow(UsageError)
  })
  test('a URL with credentials is refused without repeating them', async () => {
    const error = await ask('http://ada:lovelace@127.0.0.1').catch((thrown: Error) => thrown)
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message).not.toContain('lovelace')
  })
  test('a name without an address is a target that is not there', async () => {
    await expect(ask('http://nowhere.example.com')).rejects.toThrow(TargetError)
  })
})
