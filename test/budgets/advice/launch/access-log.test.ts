import { describe, expect, test } from 'vitest'
import { expectationOfLog, type LoggedRequests, secondOfLine } from '../../../../budgets/advice/launch/access-log.ts'

describe('the moment of a line', () => {
  const at = Date.parse('2026-11-22T10:00:05Z') / 1000
  test.each([
    ['common', '127.0.0.1 - - [22/Nov/2026:10:00:05 +0000] "GET / HTTP/1.1" 200 5'],
    ['combined, of another time zone', '::1 - ada [22/Nov/2026:05:00:05 -0500] "GET / HTTP/1.1" 200 5 "-" "curl/8.0"'],
    ['JSON with a text', '{"time":"2026-11-22T10:00:05.250Z","status":200}'],
    ['JSON with seconds', `{"ts":${at}.25}`],
    ['JSON with milliseconds', `{"timestamp":${at}250}`],
    ["JSON with nginx's msec", `{"msec":"${at}.250"}`],
    ["JSON with nginx's time_local", '{"time_local":"22/Nov/2026:10:00:05 +0000"}'],
  ])('%s', (_, line) => expect(secondOfLine(line)).toBe(at))

  test.each(['', 'GET / HTTP/1.1', '{"status":200}', '{"time":"soon"}', '[22/Foo/2026:10:00:05 +0000]', '{'])('%j has none', (line) => {
    expect(secondOfLine(line)).toBeUndefined()
  })
})

describe('the rush that a log shows', () => {
  const known = { requestsPerJourney: 4, ordinary: undefined }
  /** 2/s for ten minutes, then up to 102/s within 100 s and down at once. */
  const logged = (unread = 0): LoggedRequests => ({
    seconds: new Map(Array.from({ length: 900 }, (_, at) => [1e9 + at, at < 600 ? 2 : at <= 700 ? 2 + (at - 600) : 2])),
    unread,
  })

  test('its busiest second in journeys, its length and the time it took to rise', () => {
    const found = expectationOfLog(logged(), known)
    if (found.declined) throw new Error(found.because)
    expect(found).toMatchObject({ peak: 102 / 4, over: 900 })
    // Until the busiest ten seconds, from the last ten at or below the average of 7.6/s.
    expect(found.rise).toBe(90)
    expect(found.because).toMatch(
      /^The access log has 6,850 requests in 15 min, 7\.61\/s on the average and 102 in the busiest second, which the rate took 90 s to reach: 25\.5 journeys\/s/,
    )
    expect(found.because).toContain('A journey makes 4 requests.')
  })

  test('lines without a moment are told while they are few', () => {
    expect(expectationOfLog(logged(100), known)).toMatchObject({ declined: false, because: expect.stringContaining('1.4 % of its lines said no moment.') })
    expect(expectationOfLog(logged(1000), known)).toMatchObject({
      declined: true,
      because: expect.stringMatching(/^1,000 of 7,850 lines of the access log say no moment\./),
    })
  })

  test('a moment is no rush', () => {
    expect(expectationOfLog({ seconds: new Map([[1, 5]]), unread: 0 }, known)).toMatchObject({ declined: true, because: expect.stringContaining('spans 1 s') })
  })
})
