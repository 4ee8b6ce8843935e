import { expect, test } from 'vitest'
import { IdentityProbe } from '../../../runner/probes/identity.ts'

const before = { status: 200, identity: { server: 'nginx', 'x-version': '1.4.0' } }

/** Ten-second readings, of which the first comes with the start. */
const asked = async (...answers: (typeof before | Error)[]) => {
  const left = [...answers]
  const probe = new IdentityProbe(before, async () => {
    const answer = left.shift()
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often')
    return answer
  })
  for (let reading = 0; reading <= answers.length; reading++) await probe.read()
  return { probe, caveats: (await probe.stop()).caveats ?? [] }
}

test('the same target again is nothing to tell, and each question is counted', async () => {
  const { probe, caveats } = await asked(before, before)
  expect(caveats).toEqual([])
  expect(probe.requests).toBe(2)
})

test('another version is told with both versions and the time, and nothing is asked any more', async () => {
  const { probe, caveats } = await asked(before, { status: 200, identity: { server: 'nginx', 'x-version': '1.5.0' } }, before)
  expect(caveats).toMatchObject([{ code: 'target-changed', text: expect.stringMatching(/^By 0:20 .*x-version was "1\.4\.0" and is "1\.5\.0"\./) }])
  expect(probe.requests).toBe(2)
})

test('a header that comes or goes is a change', async () => {
  const { caveats } = await asked({ status: 200, identity: { server: 'nginx' } } as typeof before)
  expect(caveats[0]?.text).toContain('x-version was "1.4.0" and is absent')
})

test('no answer, or one of another status, says nothing about who the target is', async () => {
  const { caveats } = await asked(new Error('timeout'), { status: 503, identity: { server: 'awselb/2.0' } } as unknown as typeof before)
  expect(caveats).toEqual([])
})
