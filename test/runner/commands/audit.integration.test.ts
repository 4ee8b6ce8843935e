/** perf audit on a real nginx with TLS: six faults planted and found, and none of them found once they are mended. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../../budgets/audit/finding.ts'
import { perf } from '../../support/perf.ts'
import { canServeTls, startTlsSite, type TlsSite } from '../../support/tls-site.ts'

const auditOf = async (site: TlsSite, ...flags: readonly string[]) => perf(['audit', site.url, ...flags], { env: { NODE_EXTRA_CA_CERTS: site.authority } })

describe.skipIf(!canServeTls)('a site behind nginx (nginx and openssl)', () => {
  let faulty: TlsSite
  let mended: TlsSite
  beforeAll(async () => {
    faulty = await startTlsSite('faulty', { days: 5 })
    mended = await startTlsSite('mended', { days: 365 })
  })
  afterAll(async () => {
    await faulty?.stop()
    await mended?.stop()
  })

  test('with six planted faults has exactly these six findings', async () => {
    const { stdout, exitCode } = await auditOf(faulty, '--json')
    const { findings, notLookedAt } = JSON.parse(stdout) as { findings: Finding[]; notLookedAt: unknown[] }
    expect(findings.map(({ check }) => check).toSorted()).toEqual([
      'caching',
      'certificate-expiry',
      'compression',
      'image-dimensions',
      'redirects',
      'security-headers',
    ])
    expect(findings[0]).toMatchObject({ check: 'certificate-expiry', severity: 'critical' })
    expect(notLookedAt).toEqual([])
    expect(exitCode).toBe(0)
  })

  test('with all of them mended has no finding at all', async () => {
    const { stdout, exitCode } = await auditOf(mended, '--json', '--fail-on', 'warning')
    expect(JSON.parse(stdout)).toMatchObject({ findings: [], unknown: [], notLookedAt: [], exitCode: 0 })
    expect(exitCode).toBe(0)
  })
})
