import { expect, test } from 'vitest'
import { environmentFor } from '../../../../runner/engines/k6/environment.ts'
import { constant } from '../../../../scenarios/shapes.ts'
import { aPlan } from './measuring.ts'

const plan = aPlan('http://127.0.0.1:1', '/shop/scenario.ts', constant({ rate: '1/s', duration: '1s' }), { env: { STAGE: 'blue' } })
const callers = {
  PATH: '/bin',
  HOME: '/home/me',
  K6_DURATION: '10h',
  K6_VUS: '9',
  K6_OUT: 'json',
  HTTP_PROXY: 'http://proxy',
  AWS_SECRET_ACCESS_KEY: 'x',
  K6_BROWSER_EXECUTABLE_PATH: '/chromium',
}
const channel = { port: 4711, token: 'token' }

test("of the caller's environment k6 gets what programs need, and nothing that would change the plan", () => {
  const env = environmentFor(plan, { TOKEN: 'secret' }, channel, callers)
  expect(env).toMatchObject({
    PATH: '/bin',
    HOME: '/home/me',
    K6_BROWSER_EXECUTABLE_PATH: '/chromium',
    K6_CLOUD_HOST: 'http://127.0.0.1:4711',
    K6_CLOUD_TOKEN: 'token',
    PERF_K6_SECRETS: '{"TOKEN":"secret"}',
  })
  for (const name of ['K6_DURATION', 'K6_VUS', 'K6_OUT', 'HTTP_PROXY', 'AWS_SECRET_ACCESS_KEY']) expect(env).not.toHaveProperty(name)
})

test('a script finds values and secrets under their own names, but none that would change k6', () => {
  const script = {
    ...plan,
    source: { kind: 'script', file: '/shop/script.js', keepOptions: false } as const,
    env: { STAGE: 'blue', K6_VUS: '9', PATH: '/evil', GOGC: '1' },
  }
  const env = environmentFor(script, { TOKEN: 'secret' }, channel, callers)
  expect(env).toMatchObject({ STAGE: 'blue', TOKEN: 'secret', PERF_TARGET: 'http://127.0.0.1:1', PERF_K6_SCRIPT_FOLDER: '/shop', PATH: '/bin', GOGC: '800' })
  expect(environmentFor({ ...script, users: 101 }, {}, channel, callers)).toMatchObject({ GOGC: '400' })
  expect(env).not.toHaveProperty('K6_VUS')
})
