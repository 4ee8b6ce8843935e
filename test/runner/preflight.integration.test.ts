import { describe, expect, test } from 'vitest'
import { TargetError } from '../../runner/errors/target-error.ts'
import { greet } from '../../runner/preflight.ts'
import { startStatuses, startTls } from '../targets/answers.ts'
import { startCloses, startDeaf, startHangs, startNoHttp, startRefused, startReset } from '../targets/faults.ts'

const planFor = (url: string, insecure = false) => ({
  id: 'a-run',
  headers: {},
  insecure,
  target: { url, hostname: new URL(url).hostname, addresses: ['127.0.0.1'] },
})

describe('a target that gives no answer is told in a sentence, by what went wrong', () => {
  test.each([startRefused, startReset, startCloses, startNoHttp, startHangs, startDeaf])('%o', async (start) => {
    const target = await start()
    const error = await greet(planFor(target.url), 500).catch((thrown: unknown) => thrown)
    await target.stop()
    expect(error).toBeInstanceOf(TargetError)
    expect((error as TargetError).kind).toBe(target.truth().error)
    expect((error as TargetError).message).toMatch(/gave no answer before the load: \w+ \(.+\)\. A target must answer one request before it gets many\. .+\.$/)
  })

  test('a certificate that nobody signed, unless that is accepted', async () => {
    const target = await startTls()
    await expect(greet(planFor(target.url))).rejects.toMatchObject({ kind: 'tls' })
    expect((await greet(planFor(target.url, true))).status).toBe(200)
    await target.stop()
  })
})

test('an answer of any status is an answer', async () => {
  const target = await startStatuses(503)
  expect((await greet(planFor(target.url))).status).toBe(503)
  await target.stop()
})
