import { expect, test } from 'vitest'
import { EndpointNames, foldedCaveats } from '../../../../runner/engines/virtual-user/endpoint-names.ts'

const after = (count: number, nameOf: (n: number) => string): EndpointNames => {
  const names = new EndpointNames()
  for (let n = 0; n < count; n++) names.of(nameOf(n))
  return names
}

test('paths that are few keep their names', () => {
  const names = after(100, (n) => `GET /product/shoe-${n}`)
  expect(names.of('GET /product/shoe-99')).toBe('GET /product/shoe-99')
  expect(names.folded).toEqual({})
})

test('a place with more than a hundred different paths has one name for those that come later', () => {
  const names = after(10_000, (n) => `GET /product/shoe-${n}`)
  expect(names.of('GET /product/shoe-7')).toBe('GET /product/shoe-7')
  expect(names.of('GET /product/shoe-9999')).toBe('GET /product/*')
  expect(names.of('GET /cart')).toBe('GET /cart')
  expect(names.of('POST /product/shoe-9999')).toBe('POST /product/shoe-9999') // another method, another endpoint
  expect(names.folded).toEqual({ 'GET /product/*': 9900 })
})

test('what varies may stand in the middle of a path', () => {
  const names = after(300, (n) => `GET /product/shoe-${n}/reviews`)
  expect(names.of('GET /product/shoe-200/reviews')).toBe('GET /product/*/reviews')
  expect(names.of('GET /product/shoe-3/reviews')).toBe('GET /product/shoe-3/reviews')
})

test('names that are no paths, and paths that vary everywhere, are counted together beyond 400', () => {
  expect(after(1000, (n) => `page ${n}`).folded).toEqual({ '* (other)': 600 })
  const names = after(2000, (n) => `GET /${n % 45}/${n}`)
  expect(names.folded).toEqual({ '* (other)': 1600 })
  expect(names.of('GET /44/1')).toBe('* (other)')
})

test('a name means the same for as long as there are names', () => {
  const names = new EndpointNames()
  const all = Array.from({ length: 5000 }, (_, n) => `GET /${n % 7}/${n % 613}/${n}`)
  const first = all.map((name) => names.of(name))
  expect(all.map((name) => names.of(name))).toEqual(first)
  expect(new Set(first).size).toBeLessThanOrEqual(401)
})

test('the caveat says how many were counted together, as what, and what to do', () => {
  expect(foldedCaveats([])).toEqual([])
  expect(foldedCaveats([{ 'GET /product/*': 9900, '* (other)': 12 }, { 'GET /product/*': 9000 }]).map(({ text }) => text)).toEqual([
    'More than 100 different paths led to one place; the 9900 that came later are counted together as "GET /product/*". Name such requests with the option endpoint to have them apart, or together under a name of yours.',
    'The journeys made requests to more than 400 different endpoints; the 12 that came later are counted together as "* (other)". Name such requests with the option endpoint to have them apart, or together under a name of yours.',
  ])
})
