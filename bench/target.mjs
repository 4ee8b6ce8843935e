/**
 * The server that is loaded: it answers eleven bytes at next to no cost, on a core of its own, and counts what it answered.
 * nginx where it is installed; otherwise a bare node:net server, which gives out at about half of nginx's rate.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cores, findProgram } from './machine.mjs'
import { usedBy } from './usage.mjs'

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

// One process in the foreground, so that it ends by its handle and its processor time is one number.
const configuration = (folder, port) => `
daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 8192; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;
  client_body_temp_path ${folder}/t; proxy_temp_path ${folder}/t; fastcgi_temp_path ${folder}/t; uwsgi_temp_path ${folder}/t; scgi_temp_path ${folder}/t;
  server {
    listen 127.0.0.1:${port} backlog=8192;
    location = /status { stub_status; }
    location / { default_type text/plain; return 200 "hello world"; }
  }
}`

// Answers each chunk with one answer: every generator here waits for the answer before it sends the next request on a connection.
const bareServer = (port) => `
const answer = Buffer.from('HTTP/1.1 200 OK\\r\\ncontent-type: text/plain\\r\\ncontent-length: 11\\r\\n\\r\\nhello world')
let count = 0
const status = () => 'HTTP/1.1 200 OK\\r\\nconnection: close\\r\\n\\r\\n 0 0 ' + count + ' '
require('node:net').createServer((socket) => socket.setNoDelay().on('error', () => {}).on('data', (chunk) => {
  if (chunk.includes('/status')) return socket.end(status())
  count += 1
  socket.write(answer)
})).listen({ port: ${port}, host: '127.0.0.1', backlog: 8192 })`

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time))

export const startTarget = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perf-bench-target-'))
  const port = await freePort()
  const nginx = findProgram('nginx')
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port))
  const command = nginx ? [nginx, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')] : [process.execPath, '-e', bareServer(port)]
  const child = spawn('taskset', ['-c', cores.target, ...command], { stdio: ['ignore', 'inherit', 'inherit'] })
  const url = `http://127.0.0.1:${port}`
  const status = async () => (await fetch(`${url}/status`, { headers: { connection: 'close' } })).text()
  for (let tries = 100; ; tries -= 1) {
    try {
      await status()
      break
    } catch (error) {
      if (tries === 0) throw error
      await pause(50)
    }
  }
  return {
    url,
    name: nginx ? 'nginx' : 'node:net',
    /** Requests answered so far; nginx counts the question itself. */
    answered: async () => Number(/ \d+ \d+ (\d+) /.exec(await status())[1]),
    cpuSeconds: () => usedBy(child.pid).cpuSeconds,
    stop: () => {
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
