import { expect, test } from 'vitest'
import { nginxProgram, startNginx } from './nginx.ts'

test.skipIf(nginxProgram === undefined)('nginx serves its site, limits a path, and its log counts every answer', async () => {
  const nginx = await startNginx({ rate: 10, burst: 2 })
  expect((await fetch(nginx.url)).headers.get('server')).toMatch(/^nginx/)
  expect((await fetch(`${nginx.url}/site.css`)).status).toBe(200)
  expect((await fetch(`${nginx.url}/nowhere`)).status).toBe(404)
  const start = performance.now()
  const answers = await Promise.all(Array.from({ length: 30 }, () => fetch(`${nginx.url}/limited`)))
  const passed = answers.filter(({ ok }) => ok).length
  expect(passed).toBeGreaterThanOrEqual(3)
  expect(passed).toBeLessThanOrEqual(nginx.truth((performance.now() - start) / 1000).atMost)
  await nginx.stop()
  expect(await nginx.counts()).toEqual({
    'GET /': { 200: 1 },
    'GET /site.css': { 200: 1 },
    'GET /nowhere': { 404: 1 },
    'GET /limited': { 200: passed, 429: 30 - passed },
  })
})
