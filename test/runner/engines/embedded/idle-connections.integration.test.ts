import { expect, test } from 'vitest'
import { serve } from '../../../targets/target.ts'
import { cellOf, measure, requestsIn } from './measuring.ts'

test('an idle connection that the server has just closed costs no request', async () => {
  let hasReset = false
  const target = await serve((request, response) => {
    // The second request on a connection that was idle is cut, as by a server whose idle limit had just passed.
    if (!hasReset && request.url === '/again') {
      hasReset = true
      request.socket.destroy()
    } else response.end('ok')
  })
  const { total, ending } = await measure({
    target: target.url,
    rate: '10/s',
    duration: '100ms',
    scenario: `export default scenario({ journeys: [journey('one', async ({ http, think }) => { await http.get('/'); await think('1200ms'); await http.get('/again') })] })`,
  })
  await target.stop()
  expect(cellOf(total, 'GET /again').count).toBe(1)
  expect(ending?.caveats).toMatchObject([{ code: 'sent-again' }])
})

test('a server that cuts idle connections every time is told as such: both tries count', async () => {
  const target = await serve((request, response) => (request.url === '/again' ? void request.socket.destroy() : void response.end('ok')))
  const { total } = await measure({
    target: target.url,
    rate: '10/s',
    duration: '100ms',
    scenario: `export default scenario({ journeys: [journey('one', async ({ http, think }) => { await http.get('/'); await think('1200ms'); await http.get('/again') })] })`,
  })
  const seen = await target.requests()
  await target.stop()
  expect(cellOf(total, 'GET /again', 'failure')).toMatchObject({ count: 2, errors: { closed: 2 } })
  expect(requestsIn(total)).toBe(seen)
})
