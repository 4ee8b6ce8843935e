import { expect, test } from 'vitest'
import { OwnConnection } from '../../../runner/probes/connection.ts'

test('a connection is opened once, and anew when it was lost', async () => {
  let losesIt = (): void => {}
  let opened = 0
  const own = new OwnConnection(async (lost) => {
    losesIt = lost
    return ++opened
  })
  expect(own.current).toBeUndefined()
  expect([await own.open(), await own.open(), own.current]).toEqual([1, 1, 1])
  losesIt()
  expect(own.current).toBeUndefined()
  expect(await own.open()).toBe(2)
})

test('the end of an earlier connection does not lose the one that came after it', async () => {
  const losing: (() => void)[] = []
  const own = new OwnConnection(async (lost) => losing.push(lost))
  await own.open()
  losing[0]?.()
  await own.open()
  losing[0]?.()
  expect(own.current).toBe(2)
  expect(own.release()).toBe(2)
  expect(own.current).toBeUndefined()
})
