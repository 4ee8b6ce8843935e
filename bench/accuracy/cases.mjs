/** What is measured: each known-answer target with a load, and its truth as a function of what the server recorded. */

/** Share of the load after which `meanwhile` happens. */
export const meanwhileAt = 0.4

/** Said, so that no pilot runs before the load: its requests would be in the server's record and in no figure. */
export const enoughUsers = ['--users', '400']

const held = ({ held: record }) => record
/** As many failures of a kind as arrivals were started. */
const all = (kind) => (_, started) => ({ [kind]: started })
const unavailable = ({ statuses }) => (statuses[503] > 0 ? { 'HTTP 503': statuses[503] } : {})

/** Truth of a second's freeze for a client with so many places, beyond which requests stand in line. */
const frozenTruth =
  (rate, seconds, most = Infinity) =>
  (_, { frozenOutcome, quantileOf }) => {
    const from = seconds * meanwhileAt
    const { times } = frozenOutcome({ rate, duration: seconds, service: 5, freezes: [{ from, until: from + 1 }] }, { most, beyond: 'wait' })
    const at = (p) => quantileOf(times, p)
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: times.at(-1) }
  }

const limits = [10, 50, 600]
/** Where arrivals are dropped, the server never hears of them: then the formula alone is the truth of all. */
const withUsers = (seconds) => (users) => ({ flags: ['--users', String(users)], ...(users < 500 && { truth: frozenTruth(500, seconds) }) })
const frozen = (name, seconds, act) => ({
  name,
  rate: 500,
  seconds,
  start: ({ startFreezable }) => startFreezable(5),
  meanwhile: act,
  formula: frozenTruth(500, seconds),
  truth: ({ sinceDue }) => sinceDue,
  variants: {
    embedded: [
      { flags: [] },
      ...limits.map((most) => ({ flags: ['--connections', String(most)], formula: frozenTruth(500, seconds, most) })),
      ...limits.map(withUsers(seconds)),
    ],
    k6: limits.map(withUsers(seconds)),
  },
})

const fault = (name, start, errors, more = {}) => ({ name, rate: 20, seconds: 2, bare: false, front: true, start, errors, ...more })

export const casesOf = (seconds) => [
  ...[5, 50, 500].map((delay) => ({
    name: `constant ${delay} ms`,
    rate: 100,
    seconds,
    start: ({ startConstantDelay }) => startConstantDelay(delay),
    truth: held,
  })),
  { name: 'two-point 10 and 100 ms', rate: 100, seconds, start: ({ startTwoPoint }) => startTwoPoint(10, 100), truth: held },
  { name: 'exponential 50 ms', rate: 100, seconds, start: ({ startExponential }) => startExponential(50), truth: held },
  {
    name: 'pool of 4, 20 ms exponential, 6 places',
    rate: 180,
    seconds,
    start: ({ startPool }) => startPool({ servers: 4, places: 6 }, 20),
    truth: held,
    errors: unavailable,
    variants: { embedded: [{ flags: ['--poisson'] }], k6: [{ flags: enoughUsers }] },
  },
  {
    name: 'pool of 4, 20 ms constant, 6 places',
    rate: 220,
    seconds,
    start: ({ startPool }) => startPool({ servers: 4, places: 6 }, 20, 'constant'),
    truth: held,
    errors: unavailable,
  },
  frozen('frozen for 1 s (stopped)', seconds, (target) => target.freeze(1000)),
  frozen('frozen for 1 s (answers held)', seconds, (target) => target.hold(1000)),
  { name: 'leak of 10 kB a request', rate: 100, seconds, start: ({ startLeak }) => startLeak(10_000), truth: held },
  fault(
    'statuses 404 and 503 in turn',
    ({ startStatuses }) => startStatuses(404, 503),
    (_, n) => ({ 'HTTP 404': n / 2, 'HTTP 503': n / 2 }),
  ),
  fault('refused', ({ startRefused }) => startRefused(), all('refused'), { counts: false }),
  fault('reset', ({ startReset }) => startReset(), all('reset')),
  fault('closes', ({ startCloses }) => startCloses(), all('closed')),
  fault('half an answer', ({ startHalfAnswer }) => startHalfAnswer(), all('closed')),
  fault('no HTTP', ({ startNoHttp }) => startNoHttp(), all('protocol')),
  fault('hangs', ({ startHangs }) => startHangs(), all('timeout'), { timeout: '500ms' }),
  fault('hangs in the body', ({ startHangsInBody }) => startHangsInBody(), all('timeout'), { timeout: '500ms' }),
  fault('stalled TLS', ({ startStalledTls }) => startStalledTls(), all('timeout'), { timeout: '500ms', counts: false }),
  fault('TLS nobody vouches for', ({ startTls }) => startTls(), all('tls'), { counts: false }),
  fault('TLS', ({ startTls }) => startTls(), undefined, { flags: ['--insecure'] }),
  fault('HTTP/2 and 1.1', ({ startHttp2 }) => startHttp2(), undefined, { flags: ['--insecure'] }),
  fault(
    'HTTP/2 alone',
    ({ startHttp2 }) => startHttp2({ alone: true }),
    (_, n, engine) => (engine === 'k6' ? {} : { tls: n }),
    {
      flags: ['--insecure'],
      counts: false,
    },
  ),
  fault('slow header, 200 ms', ({ startSlowHeader }) => startSlowHeader(200), undefined, { truth: () => ({ p50: 200 }) }),
  fault('slow body, 200 ms', ({ startSlowBody }) => startSlowBody(200), undefined, { truth: () => ({ p50: 200 }) }),
  fault('no keep-alive', ({ startNoKeepAlive }) => startNoKeepAlive()),
  fault('1 MiB in chunks', ({ startChunked }) => startChunked()),
]
