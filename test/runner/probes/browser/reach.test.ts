import { expect, test } from 'vitest'
import { reachOf } from '../../../../runner/probes/browser/reach.ts'

const rulesOf = (flags: readonly string[]): string[] => (flags.find((flag) => flag.startsWith('--host-resolver-rules='))?.split('=', 2)[1] ?? '').split(', ')
const local = { url: 'http://127.0.0.1:8080', hostname: '127.0.0.1', addresses: ['127.0.0.1'] }
const shop = { url: 'https://shop.example.com', hostname: 'shop.example.com', addresses: ['192.0.2.7', '192.0.2.8'] }

test('of a target on this machine, loopback is in reach and nothing else', () => {
  const { isAllowed, flags } = reachOf(local, { hosts: [] })
  expect(['localhost', 'app.localhost', '127.0.0.1', '[::1]'].map(isAllowed)).toEqual([true, true, true, true])
  expect(['fonts.example.com', '127.0.0.1.example.com', '10.0.0.1', 'localhost.example.com'].map(isAllowed)).toEqual([false, false, false, false])
  expect(rulesOf(flags).at(-1)).toBe('MAP * ~NOTFOUND')
})

test('no rule lets a name through that only begins like an address of this machine', () => {
  const excluded = rulesOf(reachOf(local, { hosts: [] }).flags).filter((rule) => rule.startsWith('EXCLUDE'))
  expect(excluded.filter((rule) => rule.endsWith('*'))).toEqual([])
})

test('an allowed name leads to the address that was checked, whatever it stands for a moment later', () => {
  const { isAllowed, flags } = reachOf(shop, {
    hosts: [
      { hostname: 'shop.example.com', addresses: ['192.0.2.7'] },
      { hostname: 'cdn.example.com', addresses: ['2001:db8::1'] },
    ],
  })
  expect(rulesOf(flags)).toEqual(expect.arrayContaining(['MAP shop.example.com 192.0.2.7', 'MAP cdn.example.com [2001:db8::1]']))
  expect(['SHOP.example.com', 'cdn.example.com', 'www.example.com'].map(isAllowed)).toEqual([true, true, false])
})
