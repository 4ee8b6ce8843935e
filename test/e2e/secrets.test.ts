/** A secret is used wherever a careless journey may use one, and is found nowhere afterwards. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { k6 } from '../support/k6.ts'
import { perf } from '../support/perf.ts'
import { startEcho } from '../targets/answers.ts'

const base = mkdtempSync(join(tmpdir(), 'perf-secrets-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const secret = 'correct-horse "battery"/staple'
const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')]

const scenario = `
import { constant, journey, scenario } from 'scale-surgeon'
const careless = journey('careless', async ({ http, check, group, secret, arrival }) => {
  const token = secret('TOKEN')
  const page = await http.get('/a', { query: { token }, headers: { authorization: 'Bearer ' + encodeURIComponent(token) }, endpoint: 'GET /' + token })
  check(page, { ['answers ' + token]: ({ ok }) => ok })
  await group('with ' + token, () => http.post('/b', { json: { token } }))
  console.log('the token is', token)
  if (arrival % 2 === 1) throw new Error('refused ' + token)
})
export default scenario({ shape: constant({ rate: '10/s', duration: '3s' }), journeys: [careless] })`

describe.each(['embedded', ...(k6 ? ['k6'] : [])])('with %s', (engine) => {
  test('no file and no message holds it, in any of its forms, and the target got it', async () => {
    const echo = await startEcho()
    const cwd = mkdtempSync(join(base, `${engine}-`))
    writeFileSync(join(cwd, 'careless.ts'), scenario)
    const running = perf(['run', '--scenario', 'careless.ts', '--engine', engine, '--target', echo.url], { cwd, env: { PERF_SECRET_TOKEN: secret } })
    const { stdout, stderr } = await running
    const sent = echo.truth()
    await echo.stop()
    expect(sent.some(({ body }) => body.includes(JSON.stringify(secret)))).toBe(true)

    const folder = join(cwd, 'perf-results', 'latest')
    const written = readdirSync(folder).map((name) => {
      const content = readFileSync(join(folder, name))
      return { name, text: (name.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8') }
    })
    expect(written.map(({ name }) => name)).toContain('run.json')
    for (const { name, text } of [...written, { name: 'stdout', text: stdout }, { name: 'stderr', text: stderr }])
      for (const form of forms) expect(text.includes(form), `${name} holds ${form}`).toBe(false)
    expect(written.find(({ name }) => name === 'run.json')?.text).toContain('[secret TOKEN]')
  })
})
