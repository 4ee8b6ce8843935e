/** k6 knows no allow-list, only ranges that it must not connect to: so it gets everything but the allowed addresses. */
import ipaddr from 'ipaddr.js'

type Version = { readonly bits: 32 | 128; readonly text: (value: bigint) => string }

const ipv4: Version = { bits: 32, text: (value) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.') }
const ipv6: Version = {
  bits: 128,
  text: (value) => new ipaddr.IPv6(Array.from({ length: 16 }, (_, index) => Number((value >> BigInt(120 - 8 * index)) & 0xffn))).toString(),
}

type Range = { readonly value: bigint; readonly prefix: number }

const rangeOf = (cidr: string): Range & { readonly version: Version } => {
  const [address = '', length] = cidr.split('/')
  const parsed = ipaddr.process(address) // an IPv4 address in IPv6 clothes is an IPv4 address, as in Go
  const version = parsed.kind() === 'ipv4' ? ipv4 : ipv6
  return {
    version,
    value: parsed.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
    prefix: length === undefined ? version.bits : Number(length),
  }
}

/** Halves a range that holds some allowed addresses and some others, until each half is all of one kind. */
const without = (range: Range, allowed: readonly Range[], version: Version): string[] => {
  const bits = (prefix: number) => BigInt(version.bits - prefix)
  const covers = (outer: Range, inner: Range) => outer.prefix <= inner.prefix && outer.value >> bits(outer.prefix) === inner.value >> bits(outer.prefix)
  if (allowed.some((one) => covers(one, range))) return []
  const inside = allowed.filter((one) => covers(range, one))
  if (inside.length === 0) return [`${version.text(range.value)}/${range.prefix}`]
  const prefix = range.prefix + 1
  return [...without({ value: range.value, prefix }, inside, version), ...without({ value: range.value | (1n << bits(prefix)), prefix }, inside, version)]
}

export const loopback = ['127.0.0.0/8', '::1/128'] as const

/**
 * CIDR ranges that hold every IPv4 and IPv6 address but the allowed ones.
 * @param allowed addresses, or ranges as `10.0.0.0/8`
 * @example complementOf(['0.0.0.0/1', '::/0']) // ['128.0.0.0/1']
 */
export const complementOf = (allowed: readonly string[]): string[] => {
  const ranges = allowed.map(rangeOf)
  return [ipv4, ipv6].flatMap((version) =>
    without(
      { value: 0n, prefix: 0 },
      ranges.filter((range) => range.version === version),
      version,
    ),
  )
}
