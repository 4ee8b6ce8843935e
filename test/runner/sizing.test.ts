import { describe, expect, test } from 'vitest'
import { resize, sizeUsers } from '../../runner/sizing.ts'

const gigabytes = 2 ** 30
const asked = { engine: 'k6', peak: 100, users: undefined, freeMemory: 16 * gigabytes } as const

describe('before the load', () => {
  test.each([
    // What was asked for is what there is, and no pilot changes it.
    [{ users: 7 }, 7, 'asked for', undefined],
    [{}, 400, '100/s × 4 s; a pilot may raise them', 10_000],
    [{ peak: 5 }, 50, 'more than 5/s × 4 s; a pilot may raise them', 10_000],
    // 50 users wait out half a minute of one arrival a second: a pilot would cost requests and tell nothing.
    [{ peak: 1 }, 50, 'more than 1/s × 4 s', undefined],
    [{ peak: 900 }, 2000, 'fewer than 900/s × 4 s; a pilot may raise them', 10_000],
    [{ noPilot: 'its setup runs once' }, 400, '100/s × 4 s; no pilot, because its setup runs once', undefined],
    // Half of 1 GB at 0.5 MB each.
    [{ peak: 900, freeMemory: gigabytes }, 1024, 'fewer than 900/s × 4 s', undefined],
    [{ freeMemory: gigabytes }, 400, '100/s × 4 s; a pilot may raise them', 1024],
    [{ allowed: 300 }, 300, 'fewer than 100/s × 4 s', undefined],
    [{ engine: 'embedded' }, 3000, '100/s × 30 s', undefined],
    [{ engine: 'embedded', peak: 2 }, 500, 'more than 2/s × 30 s', undefined],
    [{ engine: 'embedded', peak: 2000, freeMemory: gigabytes }, 50_000, 'fewer than 2000/s × 30 s', undefined],
  ] as const)('%o: %i users', (change, users, because, most) => {
    expect(sizeUsers({ ...asked, ...change })).toEqual({ users, sizing: { because, ...(most !== undefined && { most }) } })
  })
})

describe('after a pilot', () => {
  const before = { users: 400, sizing: { because: '', most: 10_000 } }
  const pilot = { journeys: 8, slowest: 0.4, isWhole: true, requests: 30 }

  test('users that outlast a journey and a stall of 2 s stay as they are', () => {
    expect(resize(before, 100, pilot)).toEqual({ users: 400, sizing: { because: '8 journeys of a pilot took up to 0.4 s' } })
    expect(resize(before, 100, { ...pilot, slowest: 2 }).users).toBe(400)
  })

  test('a longer journey raises them by Little’s law, with 4 s for a stall', () => {
    expect(resize(before, 100, { ...pilot, slowest: 12 })).toEqual({ users: 1600, sizing: { because: "100/s × (12 s of a pilot's journey + 4 s)" } })
  })

  test('a journey that did not end in time took at least as long as it was watched', () => {
    expect(resize(before, 100, { ...pilot, slowest: 3, isWhole: false }).sizing.because).toBe("100/s × (more than 3 s of a pilot's journey + 4 s)")
  })

  test('memory and the entry of the target bound the raise, and it says so', () => {
    expect(resize({ ...before, sizing: { because: '', most: 1000 } }, 100, { ...pilot, slowest: 12 })).toEqual({
      users: 1000,
      sizing: { because: "fewer than 100/s × (12 s of a pilot's journey + 4 s)" },
    })
  })

  test('at a high rate two thousand are room enough for stalls, and only the journeys themselves raise them', () => {
    const many = { users: 2000, sizing: { because: '', most: 10_000 } }
    expect(resize(many, 1500, { ...pilot, slowest: 0.01 }).users).toBe(2000)
    expect(resize(many, 1500, { ...pilot, slowest: 2 }).users).toBe(5000)
  })

  test('it never lowers the number', () => {
    expect(resize({ users: 500, sizing: { because: '' } }, 100, { ...pilot, slowest: 60 }).users).toBe(500)
  })
})
