/** Runs inside a worker thread, bundled together with the user's scenario: takes orders, reports what happens. */
import { parentPort, workerData } from 'node:worker_threads'
import type { declared, Scenario, VirtualUser } from '../../../scenarios/journey.ts'
import { rateAt } from '../../../scenarios/shape.ts'
import { userAgentOf } from '../../user-agent.ts'
import { mergeHeaders } from '../virtual-user/request.ts'
import { usersOf } from './arrivals.ts'
import { lookupWithin } from './boundary.ts'
import { HttpClient } from './client.ts'
import { Traffic } from './connections.ts'
import { HealthMeter } from './health.ts'
import { Load } from './load.ts'
import { type Assignment, type Order, type Report, sharedClock } from './protocol.ts'
import { Recorder } from './recorder.ts'
import { rehearse } from './rehearsal.ts'
import { ThrownErrors } from './thrown.ts'
import { User, type World } from './virtual-user.ts'

/** From this rate on, the first arrivals come faster than connections open, and would measure nothing else. */
const warmFrom = 200 // arrivals a second in this thread
const warmFor = 0.02 // seconds of arrivals that each get a connection
const mostWarm = 256

/** The stub that the engine bundles calls this once, after the scenario has loaded. */
export const work = (scenario: Scenario, declarations: typeof declared): void => {
  const port = parentPort
  if (port === null) throw new Error('This module works inside a worker thread of the embedded engine alone.')
  const assignment = workerData as Assignment
  const { plan, worker, workers, version } = assignment
  const report = (message: Report): void => port.postMessage(message)
  const now = (): number => performance.now()
  const thrown = new ThrownErrors()
  const tellThrown = (): void => {
    for (const each of thrown.take()) report({ type: 'thrown', thrown: each })
  }
  const traffic = new Traffic()
  const recorder = new Recorder(
    now,
    (part) => {
      tellThrown()
      report({ type: 'second', part })
    },
    () => traffic.take(),
  )
  const connections = plan.connections === undefined ? undefined : usersOf(plan.connections, worker, workers)
  const newClient = (): HttpClient =>
    new HttpClient(
      {
        target: plan.target.url,
        headers: mergeHeaders({ 'user-agent': userAgentOf(version, plan.id) }, scenario.headers, plan.headers),
        lookup: lookupWithin(plan.boundary, plan.target),
        insecure: plan.insecure,
        connections,
      },
      recorder,
      traffic,
      now,
    )
  const worldWith = (client: HttpClient, setup: unknown): World => ({
    seed: plan.seed,
    env: plan.env,
    secrets: assignment.secrets,
    feeds: new Map(declarations.feeds.map((feed, index) => [feed, assignment.rows[index] ?? []])),
    metrics: new Set(declarations.metrics),
    keepCookies: plan.keepCookies,
    setup,
    client,
    recorder,
    now,
  })

  // A promise that a journey left behind must not end the thread, and with it everybody's journeys.
  process.on('unhandledRejection', (error) => thrown.add(error))
  process.on('uncaughtException', (error) => thrown.add(error))

  let client = newClient()
  let setup: unknown
  let load: Load | undefined

  const prepare = async (): Promise<void> => {
    await rehearse(assignment, worldWith(client, undefined))
    const rate = rateAt(plan.shape, 0) / workers
    if (rate >= warmFrom) await client.warm(Math.min(mostWarm, Math.ceil(rate * warmFor), usersOf(plan.users, worker, workers), connections ?? Infinity))
  }

  /** Runs `setup` or `teardown` as user 0, whose requests are in no figure. */
  const outside = async <T>(step: 'setup' | 'teardown', run: (user: VirtualUser) => Promise<T>): Promise<{ readonly value: T } | undefined> => {
    try {
      return { value: await run(new User(0, worldWith(client, setup)).api) }
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' }
      report({ type: 'broken', step, message, stack: stack ?? '' })
      return undefined
    }
  }

  let stopMeter = (): void => {}
  const startMeter = (): void => {
    const meter = new HealthMeter(now)
    const timer = setInterval(() => report({ type: 'health', health: meter.take() }), 1000)
    stopMeter = () => {
      clearInterval(timer)
      meter.stop()
    }
  }

  const onDone = (): void => {
    stopMeter()
    const { sentAgain, stoodInLine, shortages } = client
    const { names, outsideLoad } = recorder
    tellThrown()
    report({ type: 'done', summary: { sentAgain, stoodInLine, shortages: Object.fromEntries(shortages), foldedEndpoints: names.folded, outsideLoad } })
  }

  const carryOut = async (order: Order): Promise<void> => {
    switch (order.type) {
      case 'setup': {
        // What crosses to the other threads is JSON, so that it is the same with one worker, with several, and in k6.
        const result = await outside('setup', async (user) => JSON.stringify(await scenario.setup?.(user as VirtualUser<undefined>)))
        if (result !== undefined) report({ type: 'setup', setup: result.value })
        return
      }
      case 'prepare':
        setup = order.setup === undefined ? undefined : JSON.parse(order.setup)
        await prepare()
        report({ type: 'ready' })
        return
      case 'start':
        load = new Load(scenario, assignment, worldWith(client, setup), thrown, now() + order.at - sharedClock(), onDone)
        startMeter()
        load.start()
        return
      case 'stop':
        load?.stop()
        return
      case 'kill':
        load?.kill()
        return
      case 'teardown': {
        client = newClient()
        const before = recorder.outsideLoad
        const result = await outside('teardown', async (user) => scenario.teardown?.(user))
        if (result !== undefined) report({ type: 'teardown', requests: recorder.outsideLoad - before })
      }
    }
  }
  port.on('message', (order: Order) => void carryOut(order))
  report({ type: 'loaded' })
}
