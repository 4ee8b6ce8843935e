/** `perf advise RUN…`: what to deploy, from saved runs of one instance. Nothing is changed, and nothing is sent unless a proof is asked for. */
import { type AdviceRecord, adviceRecord } from '../../budgets/advice/advice-record.ts'
import { advise as adviseOn } from '../../budgets/advice/advise.ts'
import { alertsOf } from '../../budgets/advice/alerts/alerts.ts'
import { withAlarms } from '../../budgets/advice/alerts/deployed-alarms.ts'
import { warningsOf } from '../../budgets/advice/prices/prices.ts'
import { recommend } from '../../budgets/advice/recommend.ts'
import { adviceLines } from '../../reports/advice.ts'
import { alertLines } from '../../reports/alerts.ts'
import { deploymentLines } from '../../reports/deployment.ts'
import { proofLines } from '../../reports/proof.ts'
import { proseOn } from '../../reports/wrap.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import type { Run } from '../run.ts'
import { readSituation, type SituationFlags } from './advice-situation.ts'
import { keepAdvice } from './kept-advice.ts'
import { storeOf } from './saved-runs.ts'
import { exitCodeOfProof, type ProvingFlags, proofOfAdvice, readSize } from './what-to-prove.ts'
import { defaultPolicy, infrastructureFormat, isOfAlerts, writeInfrastructure } from './write-infrastructure.ts'

export type AdviseFlags = ProvingFlags &
  SituationFlags & {
    readonly json?: boolean
    readonly as?: string
    readonly output?: string
  }

const keepWithNewest = async (record: AdviceRecord, runs: readonly Run[], names: readonly string[], flags: AdviseFlags, io: Io): Promise<void> => {
  // Behind the named ones stand those that narrow their answer.
  const [newest] = names
    .flatMap((name, at) => (runs[at] === undefined ? [] : [{ run: runs[at], name }]))
    .toSorted((a, b) => b.run.startedAt.localeCompare(a.run.startedAt))
  if (newest !== undefined) await keepAdvice(record, newest.run, await storeOf(flags, io).find(newest.name), io)
}

/** Exits 0 whatever the advice is, because looking went well; with `--prove` by its proof, with `--as` 3 when there is nothing to write. @throws {UsageError} for flags that can't be understood */
export const advise = async (names: readonly string[], flags: AdviseFlags, io: Io): Promise<ExitCode> => {
  const format = infrastructureFormat(flags)
  readSize(flags)
  const { runs, situation, context } = await readSituation(names, flags, defaultPolicy(format), io)
  const { deployment, prices } = context
  const advice = adviseOn(runs, situation)
  const bare = recommend(advice, context)
  const { alerts: wanted, declined } = alertsOf(runs, bare)
  const alerts = withAlarms(wanted, deployment?.watching)
  const told = { ...bare, alerts, declined: [...bare.declined, ...declined] }
  const { sizes, expectation } = situation
  const trial = { runs, store: storeOf(flags, io), recommendation: told, sizes, peak: expectation.peak }
  const proof = flags.prove === true ? await proofOfAdvice(flags, trial, io) : undefined
  const recommendation = proof === undefined ? told : { ...told, proof }
  if (format !== undefined)
    return writeInfrastructure(
      isOfAlerts(format) ? recommendation : { ...recommendation, alerts: [], declined: bare.declined },
      sizes,
      { as: format, output: flags.output },
      io,
    )
  const warnings = warningsOf(prices, io.now(), deployment?.name.kind === 'ecs' ? deployment.name.region : undefined)
  const record = adviceRecord(advice, recommendation, prices, io.now().toISOString())
  const { simulation: _, reactive: __, deployed: ___, ...printed } = record
  const lines = [
    ...(deployment === undefined ? [] : [...deploymentLines(deployment), '']),
    ...adviceLines(advice, record, warnings),
    '',
    ...alertLines(alerts, declined),
    ...(proof === undefined ? [] : ['', ...proofLines(proof)]),
  ]
  io.stdout.write(flags.json === true ? `${JSON.stringify({ ...printed, warnings }, null, 2)}\n` : `${proseOn(lines, io.columns)}\n`)
  await keepWithNewest(record, runs, names, flags, io)
  return proof === undefined ? 0 : exitCodeOfProof(proof)
}
