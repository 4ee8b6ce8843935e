/** How a server introduces itself over TLS: certificates, protocol, and which HTTP it chooses. No request is sent. */
import { isIP } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, connect, type DetailedPeerCertificate, type PeerCertificate, type TLSSocket } from 'node:tls'
import { errorKind, TimeoutError } from '../transport-error.ts'
import type { Certificate, Greeting } from './visit.ts'

const patience = 10_000 // milliseconds

const oldVersions: ConnectionOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }

const shakeHands = (origin: URL, address: string, versions: ConnectionOptions): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const hostname = origin.hostname.replace(/^\[|\]$/g, '')
    const socket = connect({
      host: address,
      port: Number(origin.port || 443),
      ...(isIP(hostname) === 0 && { servername: hostname }), // TLS names a host, never an address
      ALPNProtocols: ['h2', 'http/1.1'],
      rejectUnauthorized: false, // what is wrong with it is what we came for
      ...versions,
    })
    socket.setTimeout(patience, () => socket.destroy(new TimeoutError(`no TLS within ${patience / 1000} s`)))
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
  })

const nameOf = ({ CN, O }: PeerCertificate['subject']): string => [CN ?? O ?? 'nobody'].flat().join(', ')

const certificateOf = (peer: DetailedPeerCertificate): Certificate => ({
  subject: nameOf(peer.subject),
  issuer: nameOf(peer.issuer),
  isSelfSigned: JSON.stringify(peer.subject) === JSON.stringify(peer.issuer),
  validFrom: new Date(peer.valid_from).toISOString(),
  validTo: new Date(peer.valid_to).toISOString(),
  names: (peer.subjectaltname ?? '')
    .split(', ')
    .filter(Boolean)
    .map((name) => name.replace(/^(DNS|IP Address):/, '')),
})

/** Node links each certificate to its issuer, and a root to itself. */
const chainOf = (peer: DetailedPeerCertificate): Certificate[] => {
  const chain: Certificate[] = []
  const seen = new Set<string>()
  for (
    let each: DetailedPeerCertificate | undefined = peer;
    each?.fingerprint256 !== undefined && !seen.has(each.fingerprint256);
    each = each.issuerCertificate
  ) {
    seen.add(each.fingerprint256)
    chain.push(certificateOf(each))
  }
  return chain
}

/** Who speaks nothing newer is greeted by the old protocol, so that this can be said. */
const shakeHandsSomehow = (origin: URL, address: string): Promise<TLSSocket> =>
  shakeHands(origin, address, {}).catch((error: unknown) => {
    if (errorKind(error) !== 'tls') throw error
    return shakeHands(origin, address, oldVersions).catch(() => {
      throw error
    })
  })

/** Null when it speaks nothing older than TLS 1.2, as it should. */
const oldProtocolOf = async (origin: URL, address: string): Promise<string | null> => {
  try {
    const socket = await shakeHands(origin, address, oldVersions)
    const protocol = socket.getProtocol()
    socket.destroy()
    return protocol
  } catch {
    return null
  }
}

const firstAnswering = async (origin: URL, addresses: readonly string[]): Promise<{ readonly socket: TLSSocket; readonly address: string }> => {
  let failure: unknown
  for (const address of addresses) {
    try {
      return { socket: await shakeHandsSomehow(origin, address), address }
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/** @throws {Error} of node:tls when no address of the name makes a connection */
export const greet = async (origin: URL, addresses: readonly string[]): Promise<Greeting> => {
  const { socket, address } = await firstAnswering(origin, addresses)
  const peer = socket.getPeerCertificate(true)
  const misnamed = checkServerIdentity(origin.hostname.replace(/^\[|\]$/g, ''), peer)
  // Node says of a wrong name, too, that it does not trust it; that is told apart here.
  const { code } = (socket.authorizationError ?? {}) as { code?: string }
  const word = code ?? (socket.authorizationError === null ? undefined : String(socket.authorizationError))
  const greeting = {
    origin: origin.origin,
    protocol: socket.getProtocol() ?? 'unknown',
    alpn: socket.alpnProtocol === false ? null : socket.alpnProtocol,
    certificates: chainOf(peer),
    distrust: socket.authorized || word === undefined || word === 'ERR_TLS_CERT_ALTNAME_INVALID' ? null : word,
    misnamed: misnamed === undefined ? null : misnamed.message,
  }
  socket.destroy()
  return { ...greeting, oldProtocol: await oldProtocolOf(origin, address) }
}
