/** A real nginx on a free loopback port: a static site, a path with a limited rate, and an access log as the exact count. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { purposeOf } from '../../runner/user-agent.ts'
import { freePort } from './free-port.ts'
import { findProgram } from './programs.ts'
import { untilAnswering } from './until-answering.ts'

export const nginxProgram = findProgram('nginx')

export type Nginx = {
  readonly url: string
  /** Answers to the load by `GET /path` and status, from the access log; requests before and beside it are left out. Complete once every client has its answer and nginx was stopped. */
  counts(): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>>
  /** From now on /nginx-status answers 403. */
  closeStatus(): Promise<void>
  /** Most requests to /limited that can succeed within so many seconds: rate × seconds + burst + 1 (the bucket starts full). */
  truth(seconds: number): { readonly atMost: number }
  stop(): Promise<void>
}

export type NginxOptions = {
  /** Requests per second allowed on /limited; the others are answered with 429. @default 100 */
  readonly rate?: number
  /** Requests above the rate that pass at once. @default 20 */
  readonly burst?: number
  /** worker_connections of its one process, the socket that listens included. @default 4096 */
  readonly connections?: number
}

// One process in the foreground: it runs as whoever started it, and ends by its handle.
const configuration = (folder: string, port: number, { rate, burst, connections }: Required<NginxOptions>): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections ${connections}; }
http {
  log_format counts '$request_method $request_uri $status $http_user_agent';
  access_log ${folder}/access.log counts;
  client_body_temp_path ${folder}/temp;
  proxy_temp_path ${folder}/temp;
  fastcgi_temp_path ${folder}/temp;
  uwsgi_temp_path ${folder}/temp;
  scgi_temp_path ${folder}/temp;
  types { text/html html; text/css css; image/svg+xml svg; }
  # A constant key: one limit for everybody.
  limit_req_zone $server_name zone=limited:1m rate=${rate}r/s;
  limit_req_status 429;
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    server_name site;
    root ${folder}/site;
    location = /limited { limit_req zone=limited burst=${burst} nodelay; try_files /index.html =404; }
    location = /nginx-status { if (-f ${folder}/closed) { return 403; } stub_status; access_log off; }
    location = /starting { access_log off; return 204; }
  }
}
`

const countLines = (log: string): Record<string, Record<string, number>> => {
  const counts: Record<string, Record<string, number>> = {}
  for (const line of log.split('\n').filter(Boolean)) {
    const [method, path, status = '', ...userAgent] = line.split(' ')
    if (purposeOf(userAgent.join(' ')) !== undefined) continue
    const endpoint = `${method} ${path?.split('?', 1)[0]}`
    counts[endpoint] ??= {}
    counts[endpoint][status] = (counts[endpoint][status] ?? 0) + 1
  }
  return counts
}

/** One process that reads nginx.conf in the folder, until it answers at `url`; stopped by its handle. */
export const runNginx = async (folder: string, url: string): Promise<{ stop(): Promise<void> }> => {
  if (nginxProgram === undefined) throw new Error('nginx is not installed. Tests that need it skip when nginxProgram is undefined.')
  const nginx = execa(nginxProgram, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], { reject: false, stdin: 'ignore' })
  await untilAnswering(url, nginx)
  return {
    stop: async () => {
      nginx.kill('SIGTERM')
      await nginx
    },
  }
}

export const startNginx = async ({ rate = 100, burst = 20, connections = 4096 }: NginxOptions = {}): Promise<Nginx> => {
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-nginx-'))
  await mkdir(join(folder, 'site'))
  await writeFile(
    join(folder, 'site', 'index.html'),
    `<!doctype html><title>Site</title><link rel="stylesheet" href="/site.css"><h1>${'Hello. '.repeat(200)}</h1>\n`,
  )
  await writeFile(join(folder, 'site', 'site.css'), 'h1 { color: teal }\n')
  const port = await freePort()
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, { rate, burst, connections }))
  const url = `http://127.0.0.1:${port}`
  const nginx = await runNginx(folder, `${url}/starting`)
  let log: string | undefined
  return {
    url,
    counts: async () => countLines(log ?? (await readFile(join(folder, 'access.log'), 'utf8'))),
    closeStatus: () => writeFile(join(folder, 'closed'), ''),
    truth: (seconds) => ({ atMost: Math.floor(rate * seconds) + burst + 1 }),
    stop: async () => {
      if (log !== undefined) return
      await nginx.stop()
      log = await readFile(join(folder, 'access.log'), 'utf8')
      await rm(folder, { recursive: true })
    },
  }
}
