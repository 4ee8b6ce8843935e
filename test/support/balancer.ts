/** A real nginx that sends each of several instances its turn, and takes a new list of them by a reload, as a balancer takes a target. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { nginxProgram } from './nginx.ts'
import { untilAnswering } from './until-answering.ts'

export type Balancer = {
  readonly url: string
  /** New requests go to these from the reload on; those that wait at another stay there. */
  use(ports: readonly number[]): Promise<void>
  stop(): Promise<void>
}

// A master with one worker: only a master can be told to reload. Waits may be long, and a slow instance is not a dead one.
const configuration = (folder: string, port: number, ports: readonly number[]): string => `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 16384; }
http {
  access_log off;
  client_body_temp_path ${folder}/temp;
  proxy_temp_path ${folder}/temp;
  fastcgi_temp_path ${folder}/temp;
  uwsgi_temp_path ${folder}/temp;
  scgi_temp_path ${folder}/temp;
  proxy_read_timeout 600s;
  proxy_next_upstream off;
  keepalive_requests 1000000;
  upstream instances { ${ports.map((each) => `server 127.0.0.1:${each} max_fails=0;`).join(' ')} }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /starting { return 204; }
    location / { proxy_pass http://instances; }
  }
}
`

/** @param folder an empty one, for its files */
export const startBalancer = async (folder: string, first: readonly number[]): Promise<Balancer> => {
  if (nginxProgram === undefined) throw new Error('nginx is not installed. Tests that need it skip when nginxProgram is undefined.')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const file = join(folder, 'nginx.conf')
  await writeFile(file, configuration(folder, port, first))
  const nginx = execa(nginxProgram, ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], { reject: false, stdin: 'ignore' })
  await untilAnswering(`${url}/starting`, nginx)
  let last: Promise<void> = Promise.resolve()
  const reload = async (ports: readonly number[]): Promise<void> => {
    // Moved into place whole: a list that is read half is refused, and nginx goes on with the old one.
    await writeFile(`${file}.next`, configuration(folder, port, ports))
    await rename(`${file}.next`, file)
    nginx.kill('SIGHUP')
  }
  return {
    url,
    use: (ports) => {
      // One after the other, so that the last list is the newest.
      last = last.then(() => reload(ports))
      return last
    },
    stop: async () => {
      nginx.kill('SIGTERM')
      await nginx
    },
  }
}
