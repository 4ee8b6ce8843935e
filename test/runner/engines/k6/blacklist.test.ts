import { BlockList } from 'node:net'
import { describe, expect, test } from 'vitest'
import { complementOf, loopback } from '../../../../runner/engines/k6/blacklist.ts'
import { boundaryOf } from '../../../../runner/engines/k6/options.ts'
import { constant } from '../../../../scenarios/shapes.ts'
import { aPlan } from './measuring.ts'

/** Node's own implementation of ranges judges ours, one family at a time: it would take ::ffff:a.b.c.d for a.b.c.d, Go and so k6 does not. */
const isBlocked = (ranges: readonly string[], address: string): boolean => {
  const family = (text: string) => (text.includes(':') ? 'ipv6' : 'ipv4')
  const list = new BlockList()
  for (const range of ranges.filter((each) => family(each) === family(address))) {
    const [net = '', prefix] = range.split('/')
    list.addSubnet(net, Number(prefix), family(net))
  }
  return list.check(address, family(address))
}

describe('everything but the allowed addresses', () => {
  const ranges = complementOf([...loopback, '10.1.2.3', '192.168.0.0/16', '2001:db8::7', '::ffff:172.16.0.9'])
  test.each(['127.0.0.1', '127.255.255.255', '10.1.2.3', '192.168.0.0', '192.168.255.255', '172.16.0.9'])('lets %s through', (address) => {
    expect(isBlocked(ranges, address)).toBe(false)
  })
  test.each([
    '0.0.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '10.1.2.2',
    '10.1.2.4',
    '192.167.255.255',
    '192.169.0.0',
    '169.254.169.254',
    '172.16.0.8',
    '255.255.255.255',
    '8.8.8.8',
  ])('blocks %s', (address) => {
    expect(isBlocked(ranges, address)).toBe(true)
  })
  test.each(['::1', '2001:db8::7'])('lets %s through', (address) => {
    expect(isBlocked(ranges, address)).toBe(false)
  })
  test.each(['::', '::2', '2001:db8::6', '2001:db8::8', 'fe80::1', 'fd00:ec2::254', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'])('blocks %s', (address) => {
    expect(isBlocked(ranges, address)).toBe(true)
  })
})

test('nothing is left when everything is allowed, and everything is when nothing is', () => {
  expect(complementOf(['0.0.0.0/0', '::/0'])).toEqual([])
  expect(complementOf([])).toEqual(['0.0.0.0/0', '::/0'])
  expect(complementOf(['0.0.0.0/1', '::/0'])).toEqual(['128.0.0.0/1'])
})

test('a name with one checked address is pinned to it, one with several is looked up within the boundary', () => {
  const plan = aPlan('http://shop.test', '/scenario.ts', constant({ rate: '1/s', duration: '1s' }), {
    target: { url: 'http://shop.test', hostname: 'shop.test', addresses: ['10.0.0.1'] },
    boundary: {
      hosts: [
        { hostname: 'shop.test', addresses: ['10.0.0.1'] },
        { hostname: 'cdn.test', addresses: ['10.0.0.2', '10.0.0.3'] },
      ],
    },
  })
  const { hosts, blacklistIPs } = boundaryOf(plan)
  expect(hosts).toEqual({ 'shop.test': '10.0.0.1' })
  const ranges = blacklistIPs as string[]
  expect(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((address) => isBlocked(ranges, address))).toEqual([false, false, false, true])
})
