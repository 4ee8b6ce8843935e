import { expect, test } from 'vitest'
import { statusOf } from '../../../runner/probes/nginx.ts'

test('the status page of nginx 1.22', () => {
  const page = 'Active connections: 291 \nserver accepts handled requests\n 16630948 16630940 31070465 \nReading: 6 Writing: 179 Waiting: 106 \n'
  expect(statusOf(page)).toEqual({
    connections: 291,
    reading: 6,
    writing: 179,
    waiting: 106,
    counted: { accepted: 16630948, requests: 31070465, dropped: 8 },
  })
})

test('another page is none', () => {
  expect(statusOf('<!doctype html><title>Welcome</title>')).toBeUndefined()
})
