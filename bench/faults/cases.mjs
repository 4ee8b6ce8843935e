/** Faults of the application, each with the load that meets it and the names that would be right; and healthy runs. */

/** Seconds before anything goes wrong: 30 readings are needed to know what is normal. */
const before = '34s'
const stepped = (base, to, hold = '14s') => `step({ base: '${base}/s', to: '${to}/s', before: '${before}', hold: '${hold}' })`
const held = (rate, duration) => `constant({ rate: '${rate}/s', duration: '${duration}' })`

export const faults = [
  { name: 'pool of 5', path: '/slow', shape: stepped(30, 160), illness: 'connection-pool', first: /pool|connections/ },
  { name: 'missing index', path: '/customer', shape: stepped(10, 200), illness: 'missing-index', first: /select id, total from orders/ },
  { name: 'lock on one row', path: '/stock', pool: 20, shape: stepped(10, 90), illness: 'lock-contention', first: /lock/ },
  { name: 'CPU quota 0.25', path: '/work', group: { quota: 0.25 }, shape: stepped(12, 90), illness: 'cpu-throttling', first: /app[.](cpu|throttled)/ },
  { name: 'one thread full', path: '/work', work: 8, shape: stepped(25, 170), illness: 'cpu-saturation', first: /cpu/ },
  { name: 'leak of 64 KB', path: '/leak', group: { memory: 256 }, shape: held(55, '48s'), illness: 'memory-leak', first: undefined },
  { name: 'leak until killed', path: '/leak', group: { memory: 256 }, shape: held(110, '44s'), illness: 'out-of-memory', first: /memory/ },
  { name: 'file limit 64', path: '/files', files: 64, shape: held(5, '46s'), illness: 'file-descriptors', first: /open_files/ },
  { name: 'N+1', path: '/list', shape: held(15, '36s'), illness: 'n-plus-one', first: undefined },
  { name: 'rate limit', path: '/limited', shape: stepped(30, 90), illness: 'rate-limiting', first: undefined },
]

export const healthy = [
  { name: 'healthy constant', path: '/', shape: held(40, '45s') },
  { name: 'healthy step', path: '/', shape: stepped(20, 100) },
  { name: 'healthy slow route below its limit', path: '/slow', shape: stepped(20, 50) },
  { name: 'healthy work below its limit', path: '/work', shape: stepped(10, 60), group: { quota: 1.5, memory: 512 } },
]
