/** `perf advise --prove`: runs the objective at the recommended size and at the next smaller one; each attempt is a kept run like any other. */
import { availableParallelism } from 'node:os'
import { type Attempt, attemptOf, attemptWithoutRun, machineCaveat, proofOf, unproved } from '../../budgets/advice/proof/proof.ts'
import { smallerSize } from '../../budgets/advice/proof/smaller-size.ts'
import type { Proof } from '../../budgets/advice/recommendation.ts'
import { type Size, sizeLabel } from '../../budgets/advice/sizing/fargate-size.ts'
import { requestsPerJourney } from '../../budgets/capacity/requests-per-journey.ts'
import { count, countOf, figure, percent } from '../../budgets/figure.ts'
import { judge } from '../../budgets/judge.ts'
import type { Seconds } from '../../scenarios/units.ts'
import { demoShopEntry } from '../demo-shop/start.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import { makeGroup } from '../proof/control-group.ts'
import { type LimitedService, NoAnswerError, startService } from '../proof/service.ts'
import { readDuration } from '../rates-and-times.ts'
import type { Run } from '../run.ts'
import type { RunFlags } from '../run-flags.ts'
import type { ProbeEntry } from '../settings.ts'
import type { Store } from '../stores/store.ts'
import { budgetsOf } from './kept-budgets.ts'
import { isOfDemoShop, objectiveOf } from './objective.ts'
import { runQuietly } from './quiet-run.ts'

/** How the service is had at a size: started here, or there already. */
export type ProofFlags = Pick<RunFlags, 'duration' | 'budget' | 'config' | 'env' | 'production' | 'yes' | 'out'> & {
  readonly start?: string
  readonly target?: string
  readonly smallerTarget?: string
}

export type ToProve = {
  /** Whose users and budgets are the objective. */
  readonly run: Run
  readonly store: Store
  readonly size: Size
  readonly instances: number
  /** Arrivals per second of all instances together. */
  readonly rate: number
  readonly sizes: readonly Size[]
}

const shortest = 60 // seconds of an attempt
const longest = 600
const answers = 2000 // of an attempt: p95 needs 1,000 after the warm-up and without the ramps
const warmUpShare = 6 // a sixth of it: a service that has just been started is slow for some seconds at any size
const patience = 60 // seconds until the first answer; a large application at a quarter of a core takes most of it

/** Flags that hold for each attempt as they would for `perf run`. */
const kept = ['budget', 'config', 'env', 'production', 'yes', 'out'] as const

/** Long enough for a p95 at the rate of one instance, in whole tens. */
const lengthOf = ({ run, rate, instances }: ToProve, { duration }: ProofFlags): Seconds => {
  if (duration !== undefined) return readDuration(duration, '--duration')
  const requests = (rate / instances) * requestsPerJourney([run])
  return Math.min(longest, Math.max(shortest, 10 * Math.ceil(answers / requests / 10)))
}

type Place = { readonly url: string; readonly probes: readonly ProbeEntry[]; readonly service?: LimitedService }

/** The command that starts what was tested; the demo shop is the only service that perf knows how to start. */
const commandOf = ({ run }: ToProve, { start }: ProofFlags): string => {
  if (start !== undefined) return start
  if (isOfDemoShop(run)) return `exec "${process.execPath}" "${demoShopEntry()}" --port {port}`
  throw new UsageError(
    `How ${run.target.url} is started is not known. A proof runs the service at the recommended size and at the next smaller one. Write --start 'node server.js', which is told its port as PORT and {port}, or give one that has the size with --target.`,
  )
}

/** Told before any load, not after the first attempt. */
const refuseWithoutGroups = (size: Size): void => {
  makeGroup(`perf-proof-${process.pid}`, size).remove()
}

/** Runs the objective in front of a service that has the size. */
const tryIt = async (role: Attempt['role'], size: Size, { url, probes, service }: Place, proving: ToProve, flags: ProofFlags, io: Io): Promise<Attempt> => {
  const { run, store, rate, instances } = proving
  const seconds = lengthOf(proving, flags)
  const asked: RunFlags = {
    ...objectiveOf(run),
    warmUp: `${Math.ceil(seconds / warmUpShare)}s`,
    ...Object.fromEntries(kept.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]]))),
    duration: `${seconds}s`,
    target: url,
    rate: `${Number((rate / instances).toPrecision(6))}/s`,
    quiet: true,
  }
  const { code, id } = await runQuietly('baseline', asked, io, { entries: probes })
  if (id === undefined) return { role, size, run: null, isMet: null, because: `There was no run: perf run ended with code ${code}.` }
  const saved = await store.load(id)
  if (code === 130) return { role, size, run: id, isMet: null, because: 'It was interrupted.' }
  const verdict = judge(saved, await budgetsOf(await store.find(run.id), flags.budget, io.cwd))
  return attemptOf(role, size, saved, verdict, service && { oomKills: service.account()?.oomKills ?? 0, ended: service.ended() })
}

const inGroup = async (role: Attempt['role'], size: Size, proving: ToProve, flags: ProofFlags, io: Io, signal: AbortSignal): Promise<Attempt> => {
  let service: LimitedService
  try {
    service = await startService({ command: commandOf(proving, flags), limits: size, cwd: io.cwd, env: io.env, patience, signal })
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error
    return signal.aborted ? { role, size, run: null, isMet: null, because: error.message } : attemptWithoutRun(role, size, error.message)
  }
  try {
    const probes: ProbeEntry[] = [{ kind: 'cgroup', name: 'service', options: { path: service.group.path } }]
    return await tryIt(role, size, { url: service.url, probes, service }, proving, flags, io)
  } finally {
    await service.stop()
  }
}

const caveatsOf = (proving: ToProve, smaller: { readonly isContainer: boolean }, flags: ProofFlags): string[] => {
  const { run, rate, instances } = proving
  return [
    `Each attempt offered one instance ${figure(rate / instances, '/s', 4)}, its share of ${figure(rate, '/s', 4)} over ${countOf(instances, 'instance')}, for ${count(lengthOf(proving, flags))} s with the users and budgets of run ${run.id}; the first ${percent(1 / warmUpShare, 2)} counted in no figure.`,
    ...(flags.target === undefined
      ? [
          "Cores are this machine's, held by a quota of each 100 ms; a cloud's may be faster or slower.",
          ...(smaller.isContainer ? ['No size that is sold is smaller: the smaller one was a container of half its cores.'] : []),
        ]
      : [
          `That ${flags.smallerTarget === undefined ? 'the service there has that size' : 'the services there have those sizes'} is taken on your word.${flags.smallerTarget === undefined ? ' Name one of the next smaller size with --smaller-target, to see it fail.' : ''}`,
        ]),
  ]
}

/**
 * @returns the proof, for the advice that it belongs to; nothing of it is saved here but its runs
 * @throws {UsageError} when the service can't be had at a size, before any load
 */
export const prove = async (proving: ToProve, flags: ProofFlags, io: Io): Promise<Proof> => {
  const { size, sizes } = proving
  const smaller = smallerSize(sizes, size)
  const { declined, caveat } = flags.target === undefined ? machineCaveat(size, availableParallelism()) : {}
  const caveats = [...caveatsOf(proving, smaller, flags), ...(caveat === undefined ? [] : [caveat])]
  if (declined !== undefined) return unproved(declined)
  if (flags.target === undefined) {
    commandOf(proving, flags)
    refuseWithoutGroups(size)
  }
  const stop = new AbortController()
  const stopListening = io.onInterrupt(() => stop.abort())
  // A Ctrl-C before a run has begun to listen must reach it, too.
  const heard: Io = {
    ...io,
    onInterrupt: (listener) => {
      if (stop.signal.aborted) setImmediate(listener)
      return io.onInterrupt(listener)
    },
  }
  const attempts: Attempt[] = []
  try {
    for (const [role, each, url] of [
      ['recommended', size, flags.target],
      ['next smaller', smaller.size, flags.smallerTarget],
    ] as const) {
      if (flags.target !== undefined && url === undefined) break
      io.stderr.write(`${role}: ${sizeLabel(each)} …\n`)
      const attempt =
        url === undefined ? await inGroup(role, each, proving, flags, heard, stop.signal) : await tryIt(role, each, { url, probes: [] }, proving, flags, heard)
      attempts.push(attempt)
      // A recommended size that does not do is disproved; whether a smaller one does as well is of no interest then.
      if (attempt.isMet !== true || stop.signal.aborted) break
    }
  } finally {
    stopListening()
  }
  return proofOf(attempts, caveats)
}
