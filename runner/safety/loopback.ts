/** The one answer to what this machine's own addresses are; the plan and every connection ask here. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Address range as ipaddr.js names it: `loopback`, `private`, `linkLocal`, `unicast` … An IPv4 address inside IPv6 counts as itself. */
export const rangeOf = (address: string): string => ipaddr.process(address).range()

/** False for what is no whole address, too: a name such as 127.0.0.1.evil.example must not pass. @example isLoopback('127.8.0.1') // true */
export const isLoopback = (address: string): boolean => isIP(address) !== 0 && rangeOf(address) === 'loopback'
