/** perf audit on a real nginx with TLS: six faults planted and found, and none of them found once they are mended. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { auditSchema } from '../../../reports/audit/document.ts'
import { perf } from '../../support/perf.ts'
import { type Certified, canServeTls, type Fault, faults, startTlsSite, type TlsSite } from '../../support/tls-site.ts'

const run = async (site: TlsSite, flags: readonly string[] = [], env: Readonly<Record<string, string>> = { NODE_EXTRA_CA_CERTS: site.authority }) => {
  const { stdout, exitCode } = await perf(['audit', site.url, '--json', ...flags], { env })
  const document: z.infer<typeof auditSchema> = JSON.parse(stdout)
  return { ...document, checks: document.findings.map(({ check }) => check), exitCode }
}

describe.skipIf(!canServeTls)('a site behind nginx (nginx and openssl)', () => {
  const six: readonly Fault[] = ['caching', 'certificate-expiry', 'compression', 'image-dimensions', 'redirects', 'security-headers']
  let faulty: TlsSite
  let mended: TlsSite
  beforeAll(async () => {
    faulty = await startTlsSite(six)
    mended = await startTlsSite()
  })
  afterAll(async () => {
    await faulty?.stop()
    await mended?.stop()
  })

  test('with six planted faults has exactly these six findings', async () => {
    const { checks, findings, notLookedAt, exitCode } = await run(faulty)
    expect(checks.toSorted()).toEqual(six)
    expect(findings[0]).toMatchObject({ check: 'certificate-expiry', severity: 'critical' })
    expect(findings.find(({ check }) => check === 'redirects')?.evidence).toHaveLength(3)
    expect(notLookedAt).toEqual([])
    expect(exitCode).toBe(0)
  })

  test('with all of them mended has no finding at all', async () => {
    expect(await run(mended, ['--fail-on', 'warning'])).toMatchObject({ findings: [], unknown: [], notLookedAt: [], exitCode: 0 })
  })

  test('sends of the script, once mended, what was said before: nginx packs as we do, but for its buffers', async () => {
    const script = ({ files }: Awaited<ReturnType<typeof run>>) => files.find(({ url }) => url.endsWith('/app.js'))
    const [before, after] = [script(await run(faulty)), script(await run(mended))]
    expect(before).toMatchObject({ sent: 300_000, unpacked: 300_000 })
    expect(after?.unpacked).toBe(300_000)
    expect(Math.abs(Number(before?.gzip) / Number(after?.sent) - 1)).toBeLessThan(0.02)
  })

  test('fails a gate by the gravest finding', async () => {
    expect((await run(faulty, ['--fail-on', 'critical'])).exitCode).toBe(1)
  })

  test.each(faults)('with %s alone planted has this one finding', async (fault) => {
    const site = await startTlsSite([fault])
    const { checks } = await run(site)
    await site.stop()
    expect(checks).toEqual([fault])
  })

  test('is mended by the lines for nginx that its findings come with', async () => {
    const ill: readonly Fault[] = ['caching', 'compression', 'redirects', 'security-headers']
    const before = await startTlsSite(ill)
    const { findings } = await run(before)
    await before.stop()
    const lines = findings.flatMap(({ fix }) => fix.filter(({ where }) => where === 'nginx').flatMap((each) => each.lines))
    const after = await startTlsSite(ill, {}, lines.join('\n'))
    const { checks } = await run(after)
    await after.stop()
    expect(findings.map(({ check }) => check).toSorted()).toEqual(ill)
    expect(checks).toEqual([])
  })

  const distrusted: readonly [what: string, certified: Certified, words: string][] = [
    ['signed by itself', { selfSigned: true }, 'is signed by itself'],
    ['for another name', { names: 'DNS:other.test' }, 'is for other.test, not for localhost'],
    ['whose intermediate is not sent', { withoutIntermediate: true }, 'its issuer "Intermediate of the tests" is neither among them nor known here'],
  ]
  test.each(distrusted)('with a certificate %s is read only with --insecure', async (_, certified, words) => {
    const site = await startTlsSite([], certified)
    const [without, insecure] = [await run(site, ['--fail-on', 'warning']), await run(site, ['--insecure'])]
    await site.stop()
    expect(without).toMatchObject({ checks: ['certificate-trust'], page: null, requests: 0, notLookedAt: [{ why: 'distrust' }], exitCode: 1 })
    expect(without.findings[0]?.title).toContain(words)
    expect(insecure).toMatchObject({ checks: ['certificate-trust'], notLookedAt: [], exitCode: 0 })
    expect(insecure.files).toHaveLength(4)
  })
})
