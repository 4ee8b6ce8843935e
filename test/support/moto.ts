/** A private moto, which answers as AWS does and forgets everything when it is stopped. npm test installs it into the user's cache. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { cacheFolder } from './k6.ts'
import { untilAnswering } from './until-answering.ts'

// .ci/python.mjs installs this version. Its own Python, and not one found by name: a version manager's would outlive its parent.
const python = join(cacheFolder, 'moto', '5.2.1', 'bin', 'python3')
export const hasMoto = existsSync(python)

export type Moto = {
  readonly url: string
  readonly region: string
  /** What the SDK's clients read: where it is, and as whom to sign. moto knows no secrets. */
  readonly environment: Readonly<Record<'AWS_ENDPOINT_URL' | 'AWS_REGION' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string>>
  /** Forgets all that was made in it. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/** @param settings such as `{ MOTO_ECS_SERVICE_RUNNING: '2' }` */
export const startMoto = async (settings: Readonly<Record<string, string>> = {}): Promise<Moto> => {
  if (!hasMoto) throw new Error('moto is not installed. Tests that need it skip when hasMoto is false.')
  const port = await freePort()
  const server = execa(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { reject: false, stdin: 'ignore', env: settings })
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM')
    await server
  }
  try {
    await untilAnswering(`${url}/moto-api/data.json`, server)
  } catch (error) {
    await stop()
    throw error
  }
  const region = 'eu-central-1'
  return {
    url,
    region,
    environment: { AWS_ENDPOINT_URL: url, AWS_REGION: region, AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' },
    reset: async () => {
      await fetch(`${url}/moto-api/reset`, { method: 'POST' })
    },
    stop,
  }
}
