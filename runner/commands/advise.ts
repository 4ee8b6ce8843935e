/** `perf advise RUN…`: what to deploy, from saved runs of one instance. Nothing is changed, and nothing is sent unless a proof is asked for. */
import { readFile } from 'node:fs/promises'
import { adviceRecord } from '../../budgets/advice/advice-record.ts'
import { advise as adviseOn } from '../../budgets/advice/advise.ts'
import { alertsOf } from '../../budgets/advice/alerts/alerts.ts'
import { readExpectation } from '../../budgets/advice/launch/expectation.ts'
import { requestsPerJourney } from '../../budgets/advice/launch/launch.ts'
import { architectures, pricesSchema, staleness } from '../../budgets/advice/prices/prices.ts'
import { type Pace, recommend } from '../../budgets/advice/recommend.ts'
import { podAutoscaling } from '../../budgets/advice/scaling/horizontal-pod-autoscaler.ts'
import type { PolicyOf } from '../../budgets/advice/scaling/recommend.ts'
import { targetTracking } from '../../budgets/advice/scaling/target-tracking.ts'
import { fargateSizesSchema, sizesOf } from '../../budgets/advice/sizing/fargate-size.ts'
import { startUpOf } from '../../budgets/advice/start-up.ts'
import { adviceLines } from '../../reports/advice.ts'
import { alertLines } from '../../reports/alerts.ts'
import { deploymentLines } from '../../reports/deployment.ts'
import { proofLines } from '../../reports/proof.ts'
import { proseOn } from '../../reports/wrap.ts'
import type { DeploymentFlags } from '../deployments/index.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import { readDuration, readRate } from '../rates-and-times.ts'
import { keepAdvice } from './kept-advice.ts'
import { readDeployment } from './read-deployment.ts'
import { storeOf } from './saved-runs.ts'
import { exitCodeOfProof, type ProvingFlags, proofOfAdvice, readSize } from './what-to-prove.ts'
import { defaultPolicy, infrastructureFormat, writeInfrastructure } from './write-infrastructure.ts'

export type AdviseFlags = ProvingFlags & {
  readonly expect?: string
  readonly rate?: string
  readonly startUp?: string
  readonly policy?: string
  readonly architecture?: string
  readonly longestWait?: string
  readonly out?: string
  readonly json?: boolean
  readonly as?: string
  readonly output?: string
} & DeploymentFlags

/** Autoscalers that can be played, and how quickly each looks and acts. */
const policies: Readonly<Record<string, { readonly policyOf: PolicyOf; readonly pace: Pace }>> = {
  ecs: { policyOf: (settings) => targetTracking(settings), pace: { period: 60, scaleOutCooldown: 300, scaleInCooldown: 300 } },
  'ecs-20s': {
    policyOf: (settings) => targetTracking({ ...settings, period: 20, publication: 10 }),
    pace: { period: 20, scaleOutCooldown: 300, scaleInCooldown: 300 },
  },
  hpa: { policyOf: (settings) => podAutoscaling(settings), pace: { period: 60, scaleOutCooldown: 0, scaleInCooldown: 300 } },
}

const shipped = async (path: string): Promise<unknown> => JSON.parse(await readFile(new URL(`../../budgets/advice/${path}`, import.meta.url), 'utf8'))

const among = <T extends string>(text: string, names: readonly T[], flag: string): T => {
  const name = names.find((each) => each === text)
  if (name === undefined) throw new UsageError(`${flag} "${text}" is not known. It is ${names.join(', ')}. Write ${flag} ${names[0]}.`)
  return name
}

/** Exits 0 whatever the advice is, because looking went well; with `--prove` by its proof, with `--as` 3 when there is nothing to write. @throws {UsageError} for flags that can't be understood */
export const advise = async (names: readonly string[], flags: AdviseFlags, io: Io): Promise<ExitCode> => {
  const format = infrastructureFormat(flags)
  const policy = policies[among(flags.policy ?? defaultPolicy(format), Object.keys(policies), '--policy')] as (typeof policies)[string]
  const architecture = among(flags.architecture ?? 'x86', architectures, '--architecture')
  readSize(flags)
  const givenStartUp = readDuration(flags.startUp, '--start-up')
  const longestWait = readDuration(flags.longestWait ?? '500ms', '--longest-wait')
  if (flags.expect === undefined || flags.rate === undefined)
    throw new UsageError(
      'What is expected is not known. Advice is for a launch from an ordinary rate to a height. Write --rate 20/s --expect "50k users in 10 min", or --expect 500/s.',
    )
  const ordinary = readRate(flags.rate, '--rate')
  const store = storeOf(flags, io)
  const runs = await Promise.all(names.map((name) => store.load(name)))
  const expectation = readExpectation(flags.expect, { requestsPerJourney: requestsPerJourney(runs.map((run) => ({ run }))), ordinary })
  if (expectation.declined) throw new UsageError(expectation.because)
  const prices = pricesSchema.parse(await shipped('prices/us-east-1.json'))
  const sizes = sizesOf(fargateSizesSchema.parse(await shipped('sizing/fargate-sizes.json')))
  const { policyOf, pace } = policy
  const deployment = await readDeployment(flags, runs, io)
  const startUp = givenStartUp ?? (deployment && startUpOf(deployment))?.seconds
  const advice = adviseOn(runs, { expectation, ordinary, startUp, longestWait, tolerated: 0.001, policyOf, sizes, prices, architecture })
  const bare = recommend(advice, { pace, prices, ...(deployment && { deployment }) })
  const { alerts, declined } = alertsOf(runs, bare)
  const told = { ...bare, alerts, declined: [...bare.declined, ...declined] }
  const proof = flags.prove === true ? await proofOfAdvice(flags, { runs, store, recommendation: told, sizes, peak: expectation.peak }, io) : undefined
  const recommendation = proof === undefined ? told : { ...told, proof }
  if (format !== undefined) return writeInfrastructure(recommendation, sizes, { as: format, output: flags.output }, io)
  const { warning } = staleness(prices, io.now())
  const record = adviceRecord(advice, recommendation, prices, io.now().toISOString())
  const [newest] = runs.map((run, at) => ({ run, name: names[at] as string })).toSorted((a, b) => b.run.startedAt.localeCompare(a.run.startedAt))
  if (newest !== undefined) await keepAdvice(record, newest.run, await store.find(newest.name), io)
  const { simulation: _, reactive: __, ...printed } = record
  io.stdout.write(
    flags.json === true
      ? `${JSON.stringify(printed, null, 2)}\n`
      : `${proseOn([...(deployment === undefined ? [] : [...deploymentLines(deployment), '']), ...adviceLines(advice, warning, proof !== undefined), '', ...alertLines(alerts, declined), ...(proof === undefined ? [] : ['', ...proofLines(proof)])], io.columns)}\n`,
  )
  return proof === undefined ? 0 : exitCodeOfProof(proof)
}
