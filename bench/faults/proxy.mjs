/** An nginx in front of something, with a page of its own state. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const program = 'nginx'

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

const configuration = (folder, port, { to, http = '', location = '' }) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${folder}/temp;
  proxy_temp_path ${folder}/temp;
  fastcgi_temp_path ${folder}/temp;
  uwsgi_temp_path ${folder}/temp;
  scgi_temp_path ${folder}/temp;
  ${http}
  upstream behind { ${[to]
    .flat()
    .map((url) => `server ${new URL(url).host};`)
    .join(' ')} keepalive 64; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /nginx-status { stub_status; }
    location / { proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ''; ${location} }
  }
}
`

/**
 * @param settings `to`: URL of what is behind it, or several · `http`, `location`: further directives there
 * @returns its URL, the probe that watches it, and how to end it
 */
export const startProxy = async (folder, settings) => {
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  await writeFile(file, configuration(folder, port, settings))
  const nginx = spawn(program, ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  const isUp = () =>
    fetch(`${url}/nginx-status`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isUp())) await pause(50)
  const stop = async () => {
    const ended = once(nginx, 'exit')
    nginx.kill('SIGTERM')
    await ended
  }
  return { url, probe: { kind: 'nginx', url: `${url}/nginx-status` }, stop }
}
