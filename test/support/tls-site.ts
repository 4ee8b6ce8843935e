/** A real site behind nginx with TLS from an authority of its own, with the faults that are asked for. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { nginxProgram, runNginx } from './nginx.ts'
import { aPng } from './png.ts'
import { findProgram } from './programs.ts'

const openssl = findProgram('openssl')

/** Both programs are there. */
export const canServeTls = nginxProgram !== undefined && openssl !== undefined

export type TlsSite = {
  readonly url: string
  /** File of the authority to trust, for NODE_EXTRA_CA_CERTS. */
  readonly authority: string
  stop(): Promise<void>
}

export type Certified = {
  /** Days that the certificate is valid. @default 365 */
  readonly days?: number
  /** @default DNS:localhost,IP:127.0.0.1 */
  readonly names?: string
  /** Signed by itself in place of the authority. */
  readonly selfSigned?: boolean
  /** Signed by an intermediate authority that the server does not send along. */
  readonly withoutIntermediate?: boolean
}

const run = async (folder: string, ...args: readonly string[]): Promise<void> => {
  if (openssl === undefined) throw new Error('openssl is not installed. Tests that need it skip when canServeTls is false.')
  await execa(openssl, args, { cwd: folder })
}

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Writes authority.pem, and server.pem with server.key below it. */
const certify = async (
  folder: string,
  { days = 365, names = 'DNS:localhost,IP:127.0.0.1', selfSigned = false, withoutIntermediate = false }: Certified,
): Promise<void> => {
  const authority = ['-CA', 'authority.pem', '-CAkey', 'authority.key']
  const sign = (request: string, ...args: readonly string[]) =>
    run(folder, 'x509', '-req', '-in', `${request}.csr`, '-out', `${request}.pem`, '-extfile', `${request}.ext`, ...args)
  await run(folder, 'req', '-x509', ...key, '-keyout', 'authority.key', '-out', 'authority.pem', '-days', '3650', '-subj', '/CN=Authority of the tests')
  await run(folder, 'req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
  await writeFile(join(folder, 'server.ext'), `subjectAltName=${names}\n`)
  if (withoutIntermediate) {
    await run(folder, 'req', ...key, '-keyout', 'between.key', '-out', 'between.csr', '-subj', '/CN=Intermediate of the tests')
    await writeFile(join(folder, 'between.ext'), 'basicConstraints=critical,CA:TRUE\n')
    await sign('between', ...authority, '-days', '3650')
    await sign('server', '-CA', 'between.pem', '-CAkey', 'between.key', '-days', String(days))
  } else await sign('server', ...(selfSigned ? ['-signkey', 'server.key'] : authority), '-days', String(days))
}

/** 300 kB of script, as bundlers write it: it packs to about a quarter. */
const script = Array.from(
  { length: 3800 },
  (_, at) => `export function part${at}(value){return value===${(at * 7919) % 10_007}?render("${at.toString(36)}"):next(value,${at % 97})}`,
)
  .join('\n')
  .slice(0, 300_000)

/** What can be wrong with the site, each by the name of the check that finds it. */
export const faults = [
  'blocking-scripts',
  'broken-assets',
  'caching',
  'certificate-expiry',
  'compression',
  'cookies',
  'http-2',
  'image-dimensions',
  'image-format',
  'keep-alive',
  'mixed-content',
  'redirects',
  'security-headers',
  'server-version',
] as const
export type Fault = (typeof faults)[number]

type Has = (fault: Fault) => boolean

const page = (has: Has): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Site</title>
<link rel="stylesheet" href="/site.css"><script src="/app.js" ${has('blocking-scripts') ? '' : 'defer'}></script></head>
<body><h1>Site</h1><img src="/hero.png" alt="" ${has('image-format') ? 'width="1600" height="1200"' : 'width="200" height="150"'}>
${has('broken-assets') ? '<img src="/gone.png" alt="">' : ''}
${has('mixed-content') ? '<img src="http://cdn.example.com/pixel.png" alt="">' : ''}</body></html>
`

const protections = `
      add_header Strict-Transport-Security "max-age=31536000" always;
      add_header Content-Security-Policy "default-src 'self'; frame-ancestors 'self'" always;
      add_header X-Content-Type-Options nosniff always;
      add_header Referrer-Policy strict-origin-when-cross-origin always;`

const chain = `
      location ~ ^/$ { return 302 /home; }
      location ~ ^/home$ { return 302 /start; }
      location ~ ^/start$ { return 302 /index.html; }`

const directives = (has: Has): string => `
      ${has('compression') ? '' : 'gzip on; gzip_comp_level 6; gzip_min_length 1000; gzip_types text/css text/javascript;'}
      ${has('keep-alive') ? 'keepalive_timeout 0;' : ''}
      ${has('security-headers') ? '' : protections}
      ${has('cookies') ? 'add_header Set-Cookie "sid=1";' : ''}
      ${has('redirects') ? chain : ''}
      location ~ [.](css|js|png)$ { ${has('caching') ? 'etag off; add_header Last-Modified "";' : 'expires 1h;'} }`

const configuration = (folder: string, port: number, plainPort: number, has: Has, more: string): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/temp;
  proxy_temp_path ${folder}/temp;
  fastcgi_temp_path ${folder}/temp;
  uwsgi_temp_path ${folder}/temp;
  scgi_temp_path ${folder}/temp;
  types { text/html html; text/css css; text/javascript js; image/png png; }
  server_tokens ${has('server-version') ? 'on' : 'off'};
  server { listen 127.0.0.1:${plainPort}; return 204; }
  server {
      listen 127.0.0.1:${port} ssl${has('http-2') ? '' : ' http2'};
      server_name localhost;
      ssl_certificate ${folder}/server.pem;
      ssl_certificate_key ${folder}/server.key;
      root ${folder}/site;
      ${more}
      ${directives(has)}
  }
}
`

/**
 * A page with a script of 300 kB, a style sheet and an image, with nothing wrong but the faults that are planted.
 * @param certified one that expires in five days is a fault, too
 * @param more lines of its server block
 */
export const startTlsSite = async (planted: readonly Fault[] = [], certified: Certified = {}, more = ''): Promise<TlsSite> => {
  const has: Has = (fault) => planted.includes(fault)
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-site-'))
  await mkdir(join(folder, 'site'))
  await certify(folder, { days: has('certificate-expiry') ? 5 : 365, ...certified })
  await writeFile(join(folder, 'site', 'index.html'), page(has))
  await writeFile(join(folder, 'site', 'site.css'), 'h1 { color: teal }\n')
  await writeFile(join(folder, 'site', 'app.js'), script)
  await writeFile(join(folder, 'site', 'hero.png'), has('image-dimensions') || has('image-format') ? aPng(1600, 1200) : aPng(400, 300))
  const [port, plainPort] = [await freePort(), await freePort()]
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, plainPort, has, more))
  const nginx = await runNginx(folder, `http://127.0.0.1:${plainPort}/`)
  return {
    url: `https://localhost:${port}/`,
    authority: join(folder, 'authority.pem'),
    stop: async () => {
      await nginx.stop()
      await rm(folder, { recursive: true })
    },
  }
}
