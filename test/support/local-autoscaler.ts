/**
 * An autoscaler on this machine: it starts and stops real instances behind a real nginx, and decides by the very policies that the
 * simulator plays (budgets/advice/scaling), once a second, from points it has measured at the instances. Nothing of the simulator is in it:
 * its queues are requests that wait in processes, its start-ups are processes that start, its health check is an answer.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { MetricPoint, ScalingPolicy, ScalingStep } from '../../budgets/advice/scaling/policy.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { type Instance, type InstanceOrders, type InstanceState, startInstance } from './instances.ts'

export type LocalAutoscaler = {
  readonly url: string
  /** What it did so far. */
  readonly steps: readonly ScalingStep[]
  readonly points: readonly MetricPoint[]
  /** s from asking for each instance until it was in service. */
  readonly startUps: readonly number[]
  /** Ends the loop and everything it started. */
  stop(): Promise<void>
}

type Member = { readonly instance: Instance; readonly askedAt: number; inServiceAt: number | undefined; isLeaving: boolean; last: InstanceState }

const nothingYet: InstanceState = { arrived: 0, waiting: 0, busy: 0, responseTimes: [] }
const healthCheck = 200 // ms between two

/** @param folder an empty one @param phase s of a metric period that are over when the first request comes */
export const startLocalAutoscaler = async (
  orders: InstanceOrders & { readonly policy: ScalingPolicy; readonly instances: number; readonly folder: string; readonly phase?: number },
): Promise<LocalAutoscaler> => {
  const { policy, phase = 0 } = orders
  const decide = policy.start()
  const members: Member[] = []
  const [points, steps, startUps]: [MetricPoint[], ScalingStep[], number[]] = [[], [], []]
  const ended = new AbortController()
  let zero: number | undefined
  let [lastOut, lastIn]: (ScalingStep | undefined)[] = []
  const seconds = (): number => (zero === undefined ? 0 : (performance.now() - zero) / 1000)
  const inService = (): Member[] => members.filter(({ inServiceAt, isLeaving }) => inServiceAt !== undefined && !isLeaving)
  const pending = (): Member[] => members.filter(({ inServiceAt, isLeaving }) => inServiceAt === undefined && !isLeaving)

  const start = async (boot: number): Promise<Member> => {
    const askedAt = performance.now()
    const member: Member = { instance: await startInstance({ ...orders, boot }), askedAt, inServiceAt: undefined, isLeaving: false, last: nothingYet }
    members.push(member)
    return member
  }
  const until = async (member: Member): Promise<void> => {
    while (!ended.signal.aborted && !member.isLeaving && (await member.instance.state()) === undefined) await pause(healthCheck)
  }
  let balancer: Balancer
  const tellBalancer = (): Promise<void> => balancer.use(inService().map(({ instance }) => instance.port))

  const add = async (): Promise<void> => {
    const member = await start(orders.boot)
    await until(member)
    if (ended.signal.aborted || member.isLeaving) return
    member.inServiceAt = seconds()
    await tellBalancer()
    startUps.push((performance.now() - member.askedAt) / 1000)
  }
  const remove = async (member: Member): Promise<void> => {
    member.isLeaving = true
    await tellBalancer()
    // Deregistered, it still answers those that wait in it.
    await pause(1000)
    while (!ended.signal.aborted && ((await member.instance.state())?.waiting ?? 0) > 0) await pause(healthCheck)
    await member.instance.stop()
  }

  const measure = async (now: number): Promise<void> => {
    const read = await Promise.all(members.map(async (member) => ({ member, before: member.last, after: (await member.instance.state()) ?? member.last })))
    const serving = inService()
    let [busy, arrived, served, waiting] = [0, 0, 0, 0]
    for (const { member, before, after } of read) {
      member.last = after
      waiting += after.waiting
      if (member.inServiceAt === undefined || member.isLeaving) continue
      busy += after.busy - before.busy
      arrived += after.arrived - before.arrived
      served += now - Math.max(member.inServiceAt, points.at(-1)?.end ?? 0)
    }
    const times = read.flatMap(({ after }) => after.responseTimes).sort((a, b) => a - b)
    points.push({
      end: now,
      instances: serving.length,
      use: Math.min(1, busy / served),
      requests: arrived / served,
      backlog: waiting,
      p95: times[Math.ceil(0.95 * times.length) - 1] ?? 0,
    })
  }

  const act = (now: number): void => {
    const [running, starting] = [inService().length, pending()]
    const there = running + starting.length
    const published = points.filter(({ end }) => end + policy.publication <= now)
    const wanted = decide({ now, points: published, running, pending: starting.length, ...(lastOut && { lastOut }), ...(lastIn && { lastIn }) })
    if (wanted === undefined || wanted === there) return
    const step = { at: now, from: there, to: wanted }
    steps.push(step)
    if (wanted > there) {
      lastOut = step
      for (let more = there; more < wanted; more += 1) void add()
      return
    }
    lastIn = step
    // Those that are not in service yet first, then those that came last.
    for (const member of [...starting.toReversed(), ...inService().toReversed()].slice(0, there - wanted)) void remove(member)
  }

  const loop = async (): Promise<void> => {
    while (zero === undefined && !ended.signal.aborted) {
      await pause(20)
      const states = await Promise.all(inService().map(({ instance }) => instance.state()))
      if (states.some((state) => (state?.arrived ?? 0) > 0)) zero = performance.now()
    }
    for (let now = 0; !ended.signal.aborted; now += 1) {
      await pause(Math.max(0, (now - seconds()) * 1000))
      if (now > 0 && (now + phase) % policy.period === 0) await measure(now)
      act(now)
    }
  }

  for (let count = 0; count < orders.instances; count += 1) {
    const member = await start(0)
    await until(member)
    member.inServiceAt = 0
  }
  balancer = await startBalancer(
    orders.folder,
    inService().map(({ instance }) => instance.port),
  )
  const looping = loop()
  return {
    url: balancer.url,
    steps,
    points,
    startUps,
    stop: async () => {
      ended.abort()
      await looping
      await balancer.stop()
      await Promise.all(members.map(({ instance }) => instance.stop()))
    },
  }
}
