import { expect, test } from 'vitest'
import { lookupWithin } from '../../../../runner/engines/embedded/boundary.ts'
import { isLoopback } from '../../../../runner/safety/loopback.ts'

const target = { url: 'https://shop.example', hostname: 'shop.example', addresses: ['203.0.113.7'] }
const boundary = {
  hosts: [
    { hostname: 'shop.example', addresses: ['203.0.113.7'] },
    { hostname: 'CDN.example', addresses: ['203.0.113.8', '2001:db8::8'] },
  ],
}
const lookup = lookupWithin(boundary, target)

test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('%s is loopback', (address) => {
  expect(isLoopback(address)).toBe(true)
})
test.each(['128.0.0.1', '10.0.0.1', '::2', '::ffff:10.0.0.1', '127.0.0.1.evil.example', '0.0.0.0'])('%s is not loopback', (address) => {
  expect(isLoopback(address)).toBe(false)
})

test('listed names stand for their checked addresses and nothing else', () => {
  expect(lookup('shop.example')).toEqual(['203.0.113.7'])
  expect(lookup('cdn.example.')).toEqual(['203.0.113.8', '2001:db8::8'])
  expect(lookup('[2001:db8::8]')).toEqual(['2001:db8::8'])
  expect(lookup('www.shop.example')).toBeUndefined()
  expect(lookup('203.0.113.9')).toBeUndefined()
})

test('localhost needs no name server', () => {
  expect(lookup('localhost')).toEqual(['127.0.0.1', '::1'])
  expect(lookup('shop.localhost')).toEqual(['127.0.0.1', '::1'])
  expect(lookup('localhost.example')).toBeUndefined()
})

test('a target is let through at loopback or checked addresses only, whatever its own list says', () => {
  const named = (addresses: readonly string[]) => lookupWithin({ hosts: [] }, { url: 'http://dev.test', hostname: 'dev.test', addresses })('dev.test')
  expect(named(['127.0.0.1', '203.0.113.7'])).toEqual(['127.0.0.1'])
  expect(named(['203.0.113.7'])).toBeUndefined()
})
