/**
 * The systems whose knee is predicted and measured. Each:
 *   name       also the name of its runs' folder
 *   objective  what "holds" means on both sides, as `perf capacity --objective` reads it
 *   nominal    arrivals per second that it serves on paper; the loads below are shares of it, so that no measurement depends on a prediction
 *   short      [share, seconds] of the run that predicts
 *   long       shares of the staircase that measures, held for `hold` seconds each
 *   poisson    arrivals independent of each other
 *   together   systems of one group are cheap enough to be loaded at the same time
 *   start(world) → { url, probes, stop } · path: what a journey asks for
 */
const sharesFrom = (from, until, by) => Array.from({ length: Math.round((until - from) / by) + 1 }, (_, step) => Number((from + by * step).toFixed(4)))

const startQueue = (servers, service) => async (world) => {
  const { url, stop } = await world.program('../knees/queue.mjs', { environment: { SERVERS: String(servers), SERVICE: String(service) } })
  const probe = { kind: 'command', name: 'workers', command: ['curl', '-s', `${url}/use`], every: 1, unit: 'servers', limits: { busy: servers } }
  return { url, probes: [probe], stop }
}

const queueOf = (servers, service = 10) => ({
  name: `M/M/${servers}`,
  objective: 'p99 < 200ms',
  nominal: (servers * 1000) / service,
  path: '/',
  poisson: true,
  together: 'queues',
  short: [[0.1, 15], ...sharesFrom(0.2, 0.8, 0.1).map((share) => [share, 7])],
  long: sharesFrom(0.7, 1.05, 0.05),
  hold: 40,
  start: startQueue(servers, service),
})

const startBurner = (quota) => async (world) => {
  const { url, pid, stop } = await world.program('../knees/burner.mjs', { environment: { ROUNDS: '25000' }, group: { quota, shares: 262_144 } }) // the quota is to bind it, not its neighbours
  return { url, probes: [{ kind: 'cgroup', name: 'app', pid }], stop }
}

const burnerIn = (quota, together) => ({
  name: `${quota} CPU`,
  objective: 'p99 < 500ms',
  nominal: quota * 180,
  path: '/',
  poisson: false,
  together,
  short: [[0.1, 8], ...sharesFrom(0.2, 0.7, 0.1).map((share) => [share, 8])],
  long: sharesFrom(0.8, 1.3, 0.05),
  hold: 20,
  start: startBurner(quota),
})

const poolOfFive = {
  name: 'pool of 5',
  objective: 'p99 < 500ms',
  nominal: 100,
  path: '/slow',
  poisson: false,
  together: 'queues',
  // Up to where the pool is full: until then it opens connections as they are needed, and nobody knows how many it may.
  short: [[0.1, 8], ...sharesFrom(0.3, 1.3, 0.2).map((share) => [share, 8])],
  long: sharesFrom(0.8, 1.1, 0.05),
  hold: 20,
  start: async (world) => {
    const postgres = await world.postgres()
    const { url, pid, stop } = await world.program('app.mjs', { environment: { DATABASE_URL: postgres.url, POOL: '5' } })
    return {
      url,
      probes: [
        { kind: 'postgres', url: postgres.url },
        { kind: 'process', name: 'app', pid },
      ],
      stop,
    }
  },
}

export const systems = [queueOf(1), queueOf(2), queueOf(4), burnerIn(0.25, 'groups'), burnerIn(0.5, 'groups'), burnerIn(1, 'group of one'), poolOfFive]
