import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { pickJourney, rowIndex } from '../../../../runner/engines/virtual-user/choose.ts'
import { EngineError } from '../../../../runner/errors/engine-error.ts'
import { ScenarioError } from '../../../../runner/errors/scenario-error.ts'
import { UsageError } from '../../../../runner/errors/usage-error.ts'
import { constant, poisson } from '../../../../scenarios/shapes.ts'
import { startEcho, startStatuses } from '../../../targets/answers.ts'
import { lineOf, measure, requestsIn, testWithK6 } from './measuring.ts'

testWithK6('setup data, feeds, environment, secrets, metrics and weights are those of the authoring API', async () => {
  const target = await startEcho()
  const rows = Array.from({ length: 5 }, (_, row) => ({ name: `user-${row}` }))
  const secret = 'very-secret-value'
  let seenByOthers = ''
  const { error, total, ending, log, files } = await measure({
    target: target.url,
    rate: '20/s',
    duration: '1s',
    plan: { env: { STAGE: 'blue' }, seed: 7 },
    secrets: { TOKEN: secret },
    feeds: [{ path: 'accounts.csv', rows }],
    meanwhile: {
      after: 0.4,
      run: async () => {
        for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
          try {
            seenByOthers += readFileSync(`/proc/${pid}/cmdline`, 'utf8')
          } catch {} // ended in between
        }
      },
    },
    scenario: `
      const accounts = csv<{ name: string }>('accounts.csv')
      const orders = counter('orders')
      const size = trend('cart_size')
      const visit = (name: string) => journey<{ shop: string }>(name, async ({ http, take, add, env, secret, setup, arrival, check, random }) => {
        const account = take(accounts)
        check(account, { 'one row an arrival': () => take(accounts).name === account.name })
        const answer = await http.post('/' + name, { json: { name: account.name, stage: env.STAGE, shop: setup.shop, arrival, random: random() }, headers: { authorization: secret('TOKEN') } })
        check(answer, { 'all is well': ({ status }) => status === 200, 'never': () => false })
        add(orders)
        add(size, 3)
        console.log('the environment is ' + JSON.stringify(__ENV))
      })
      export default scenario({
        journeys: [{ weight: 3, journey: visit('browse') }, { weight: 1, journey: visit('buy') }],
        setup: async ({ http }) => ({ shop: (await http.get('/setup')).json<{ url: string }>().url }),
        teardown: async ({ http, setup }) => { await http.get('/teardown?' + setup.shop) },
      })`,
  })
  const sent = target.truth()
  await target.stop()
  expect(error).toBeUndefined()
  expect(ending).toMatchObject({ state: 'completed', exitCode: 0 })
  expect([sent[0]?.url, sent.at(-1)?.url]).toEqual(['/setup', '/teardown?/setup'])
  const journeys = sent.slice(1, -1)
  expect(journeys).toHaveLength(20)
  expect(requestsIn(total)).toBe(20) // set-up and teardown are in no figure
  for (const { url, body, headers } of journeys) {
    const said = JSON.parse(body) as { arrival: number; name: string; stage: string; shop: string }
    const picked = pickJourney(
      [
        { weight: 3, name: 'browse' },
        { weight: 1, name: 'buy' },
      ],
      7,
      said.arrival,
    )
    expect(url).toBe(`/${picked.name}`)
    expect(said).toMatchObject({
      stage: 'blue',
      shop: '/setup',
      name: rows[rowIndex({ scope: 'shared', order: 'sequential', path: '' }, 5, 7, said.arrival, 1, 0)]?.name,
    })
    expect(headers.authorization).toBe(secret)
  }
  expect(new Set(journeys.map(({ body }) => JSON.parse(body).arrival)).size).toBe(20)
  expect(new Set(journeys.map(({ body }) => JSON.parse(body).random)).size).toBe(20)
  expect(total.metrics).toMatchObject({ orders: { kind: 'counter', sum: 20 }, cart_size: { kind: 'trend', values: { count: 20, sum: 60 } } })
  expect(total.checks).toEqual({ 'one row an arrival': { passed: 20, failed: 0 }, 'all is well': { passed: 20, failed: 0 }, never: { passed: 0, failed: 20 } })
  expect(Object.values(total.journeyTime).reduce((sum, { count }) => sum + count, 0)).toBe(20)
  expect(log.join('\n')).toContain('the environment is')
  expect(seenByOthers).toContain('options.json')
  for (const text of [seenByOthers, log.join('\n'), ...Object.values(files)]) expect(text).not.toContain(secret)
})

testWithK6("journeys that all throw end the run with the line of the user's file", async () => {
  const target = await startStatuses(200)
  const { error, file } = await measure({
    target: target.url,
    rate: '50/s',
    duration: '20s',
    scenario: `
      const cart = (): { total: number } | undefined => undefined
      export default scenario({ journeys: [journey('one', async ({ http }) => {
        await http.get('/')
        throw new Error('no cart ' + cart()?.total) // fourth line
      })] })`,
  })
  await target.stop()
  expect(error).toBeInstanceOf(ScenarioError)
  expect(error).toMatchObject({ file, line: lineOf(5) })
  expect((error as Error).message).toContain('"no cart undefined". A journey must survive its first iteration.')
})

testWithK6('a journey that throws now and then is counted, and the run goes on', async () => {
  const target = await startStatuses(200)
  const { total, ending } = await measure({
    target: target.url,
    rate: '20/s',
    duration: '1s',
    scenario: `export default scenario({ journeys: [journey('one', ({ arrival }) => { if (arrival % 4 === 0) throw new Error('every fourth') })] })`,
  })
  await target.stop()
  expect(total.iterations).toEqual({ completed: 20, failed: 5, interrupted: 0, unavailable: 0 })
  expect(ending?.caveats).toMatchObject([{ code: 'journeys-threw' }])
  expect(ending?.caveats[0]?.text).toContain(`Journeys threw 5 times of 20: "every fourth" at `)
  expect(ending?.caveats[0]?.text).toContain(`scenario.ts:${lineOf(1)}`)
})

for (const [what, scenario, line] of [
  ['setup', `export default scenario({ journeys: [journey('one', () => {})],\n  setup: () => { throw new Error('no shop') } })`, lineOf(2)],
  [
    'an async setup',
    `export default scenario({ journeys: [journey('one', () => {})],\n  setup: async ({ think }) => { await think('1ms'); throw new Error('no shop') } })`,
    lineOf(2),
  ],
  [
    'the module',
    `const broken = (): never => {\n  throw new Error('no shop') }\nbroken()\nexport default scenario({ journeys: [journey('one', () => {})] })`,
    lineOf(2),
  ],
] as const)
  testWithK6(`${what} that throws ends it before any load, with the line of the user's file`, async () => {
    const { error, file, parts } = await measure({ target: 'http://127.0.0.1:9', scenario })
    expect(error).toBeInstanceOf(ScenarioError)
    expect(error).toMatchObject({ file, line })
    expect((error as Error).message).toContain('no shop')
    expect(parts).toEqual([])
  })

testWithK6('what k6 cannot do is refused before anything starts', async () => {
  const scenario = `export default scenario({ journeys: [journey('one', () => {})] })`
  const independent = await measure({ target: 'http://127.0.0.1:9', scenario, shape: poisson(constant({ rate: '9/s', duration: '1s' })) })
  expect(independent.error).toBeInstanceOf(UsageError)
  const extended = await measure({
    target: 'http://127.0.0.1:9',
    scenario,
    plan: { source: { kind: 'scenario', file: '/x.ts', k6Modules: ['k6/ws', 'k6/x/sql'] } },
  })
  expect(extended.error).toBeInstanceOf(EngineError)
  expect((extended.error as Error).message).toContain('k6/x/sql')
})
