/**
 * The embedded engine's users in a closed loop: each starts over as soon as its journey has ended. The engine itself makes open load
 * only; this program replaces its schedule and nothing else, so that it can be held beside tools that know only closed loops.
 *
 *   node bench/closed-loop.mjs '{"url": "http://127.0.0.1:8080", "journey": "one-request", "seconds": 5, "users": 20, "workers": 1}'
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { HttpClient } from '../dist/runner/engines/embedded/client.js'
import { Traffic } from '../dist/runner/engines/embedded/connections.js'
import { Recorder } from '../dist/runner/engines/embedded/recorder.js'
import { User } from '../dist/runner/engines/embedded/virtual-user.js'
import { pickJourney } from '../dist/runner/engines/virtual-user/choose.js'
import { Timeline } from '../dist/runner/timeline.js'

const now = () => performance.now()

const work = async ({ url, journey, seconds, users, env = {} }, tell) => {
  const { default: scenario } = await import(`./journeys/${journey}.mjs`)
  const traffic = new Traffic()
  const recorder = new Recorder(now, tell, () => traffic.take())
  const headers = { 'user-agent': 'scale-surgeon/1.0.0 (run bench)' }
  const client = new HttpClient({ target: url, headers, lookup: () => ['127.0.0.1'], insecure: false }, recorder, traffic, now)
  const world = { seed: 1, env, secrets: {}, feeds: new Map(), metrics: new Set(), keepCookies: false, setup: undefined, client, recorder, now }
  const start = now()
  const end = start + seconds * 1000
  let arrival = 0
  recorder.open(start)
  const live = async (number) => {
    const user = new User(number, world)
    for (let at = now(); at < end; at = now()) {
      recorder.arrivalStarted(at, at)
      const iteration = user.begin(arrival, at, at)
      const { journey } = pickJourney(scenario.journeys, world.seed, arrival++)
      await journey.run(user.api)
      const ended = now()
      recorder.iterationEnded(
        { journey: journey.name, time: iteration.timeUntil(ended), held: ended - at, threw: false, isUnavailable: iteration.isUnavailable },
        ended,
      )
    }
  }
  await Promise.all(Array.from({ length: users }, (_, number) => live(number)))
  recorder.close()
  client.close()
}

if (!isMainThread) await work(workerData, (part) => parentPort.postMessage(part))
else {
  const plan = JSON.parse(process.argv[2])
  const timeline = new Timeline()
  // Loading and compiling belong to the first second; what comes after it is what a request costs.
  let firstSeconds = 0
  let from
  const ended = Array.from({ length: plan.workers }, () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: plan, resourceLimits: { maxYoungGenerationSizeMb: 64 } })
    worker.on('message', (part) => {
      timeline.add(part)
      if (part.second === 0 && part.cells !== undefined && ++firstSeconds === plan.workers) from = process.cpuUsage()
    })
    return new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject))
  })
  await Promise.all(ended)
  const used = process.cpuUsage(from)
  const requestsIn = (seconds) => seconds.flatMap(({ cells }) => cells).reduce((sum, { count }) => sum + count, 0)
  const [, ...later] = timeline.seconds()
  const failed = timeline.seconds().flatMap(({ cells }) => cells.filter(({ outcome }) => outcome === 'failure'))
  if (failed.length > 0) throw new Error(`${failed.length} seconds had failed requests. The target answers every one. Look at its log.`)
  console.log(JSON.stringify({ warmCpuPerMillion: (used.user + used.system) / requestsIn(later) }))
}
