import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type TlsOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { greet } from '../../../runner/audit/greeting.ts'

const pem = (name: string): string => readFileSync(new URL(`../../targets/tls/${name}.pem`, import.meta.url), 'utf8')

/** A server of this process, which signs its certificate itself. */
const greetServer = async (options: TlsOptions, host = 'localhost') => {
  const server = createServer({ key: pem('key'), cert: pem('certificate'), ...options }, (socket) => socket.on('error', () => {}).end())
  server.on('tlsClientError', () => {}) // whoever offers too old a version is refused
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await greet(new URL(`https://${host}:${(server.address() as AddressInfo).port}`), ['127.0.0.1'])
  } finally {
    server.close()
  }
}

const old: TlsOptions = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }

describe('a server is heard out', () => {
  test('whose certificate nobody vouches for', async () => {
    const greeting = await greetServer({ ALPNProtocols: ['h2', 'http/1.1'] })
    expect(greeting).toMatchObject({ protocol: 'TLSv1.3', alpn: 'h2', distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT', misnamed: null, oldProtocol: null })
    // As openssl x509 -in test/targets/tls/certificate.pem -noout -enddate prints it.
    expect(greeting.certificates).toMatchObject([{ isSelfSigned: true, validTo: '2126-10-28T16:10:32.000Z', names: ['localhost', '127.0.0.1'] }])
  })

  test('by its address, which the certificate names, too', async () => {
    expect((await greetServer({}, '127.0.0.1')).misnamed).toBeNull()
  })

  test('by a name that its certificate does not have', async () => {
    expect((await greetServer({}, 'shop.localhost')).misnamed).toContain('shop.localhost')
  })

  test('that knows no HTTP/2, or no ALPN at all', async () => {
    expect((await greetServer({ ALPNProtocols: ['http/1.1'] })).alpn).toBe('http/1.1')
    expect((await greetServer({})).alpn).toBeNull()
  })

  test('that still speaks TLS 1.1, or nothing newer', async () => {
    expect(await greetServer(old)).toMatchObject({ protocol: 'TLSv1.3', oldProtocol: 'TLSv1.1' })
    expect(await greetServer({ ...old, maxVersion: 'TLSv1.1' })).toMatchObject({ protocol: 'TLSv1.1', oldProtocol: 'TLSv1.1' })
  })
})
