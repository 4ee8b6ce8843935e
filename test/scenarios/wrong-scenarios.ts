/** Scenarios that must not compile. Each @ts-expect-error fails the type check if the line under it compiles after all. */
import { constant, csv, journey, perSecond, scenario, spike } from '../../scenarios/index.ts'

const browse = journey('browse', async ({ http }) => {
  await http.get('/')
})
const accounts = csv<{ name: string }>('accounts.csv')

export const wrong = () => [
  // @ts-expect-error a rate has a unit
  constant({ rate: 20, duration: '30s' }),
  // @ts-expect-error a duration has a unit
  constant({ rate: '20/s', duration: '30' }),
  // @ts-expect-error there is no unit "sec"
  constant({ rate: '20/sec', duration: '30s' }),
  // @ts-expect-error a spike has a peak
  spike({ base: perSecond(20) }),
  // @ts-expect-error a scenario has a journey
  scenario({ journeys: [] }),
  // @ts-expect-error weights are numbers
  scenario({ journeys: [{ weight: '9', journey: browse }] }),
  // @ts-expect-error shapes are made by shape functions
  scenario({ shape: 'spike', journeys: [browse] }),
  // @ts-expect-error there is no test called "sprint"
  scenario({ tests: { sprint: constant({ rate: '1/s', duration: '1s' }) }, journeys: [browse] }),
  // @ts-expect-error a request has one body
  journey('post', ({ http }) => http.post('/', { json: {}, form: {} })),
  // @ts-expect-error a timeout has a unit
  journey('slow', ({ http }) => http.get('/', { timeout: 500 })),
  // @ts-expect-error an answer has a status, not a statusCode
  journey('status', async ({ http }) => (await http.get('/')).statusCode),
  // @ts-expect-error an answer must be awaited
  journey('await', ({ http }) => http.get('/').status),
  // @ts-expect-error rows have the type the feed was declared with
  journey('row', ({ take }) => take(accounts).password),
  // @ts-expect-error the journey wants set-up data of another kind
  scenario({ setup: () => ({ token: 1 }), journeys: [journey<{ token: string }>('login', ({ setup }) => setup.token.length)] }),
]

export const right = () => [
  scenario({ journeys: [browse] }),
  scenario({ shape: spike({ base: perSecond(20), peak: '200/s', hold: '60s' }), journeys: [{ weight: 9, journey: browse }] }),
  scenario({ setup: async () => ({ token: 'a' }), journeys: [journey<{ token: string }>('login', ({ setup }) => setup.token.length)] }),
]
