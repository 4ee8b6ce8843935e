/** `perf apply RUN…|ADVICE`: brings the recommended scaling to an ECS service, with everything shown before, asked for, kept, and read back. */
import { reasonsAgainstFit } from '../../budgets/advice/apply/fits.ts'
import { reasonsAgainst } from '../../budgets/advice/apply/may-apply.ts'
import { wantedOf } from '../../budgets/advice/apply/wanted.ts'
import { warningsOf } from '../../budgets/advice/apply/warnings.ts'
import { ecsPlan, needsLabel } from '../../budgets/advice/infrastructure/ecs/plan.ts'
import type { Recommendation } from '../../budgets/advice/recommendation.ts'
import { OpenedService, type Signals } from '../deployments/ecs/opened.ts'
import { ownerOf } from '../deployments/ecs/owner.ts'
import { resized } from '../deployments/ecs/resized.ts'
import { isOnFargate, stateAt } from '../deployments/ecs/state.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { SafetyError } from '../errors/safety-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import { adviceFor } from './applicable-advice.ts'
import type { ApplyFlags } from './apply-flags.ts'
import { accountOf, requireAccount } from './aws-account.ts'
import { costOfChange } from './change-cost.ts'
import { groundsOf, labelAt, nowOf } from './change-grounds.ts'
import { placeOf } from './change-place.ts'
import { changeService } from './change-service.ts'
import { earlierChanges, openNotes, ownRollOut } from './earlier-changes.ts'
import { rollBack } from './roll-back.ts'
import { outOf, storeOf } from './saved-runs.ts'
import { shippedSizes } from './shipped-sizes.ts'

const refuse = (reasons: readonly string[]): void => {
  if (reasons.length > 0) throw new SafetyError(`Nothing was changed. ${reasons.join(' ')}`)
}

const applyTo = async (opened: OpenedService, recommendation: Recommendation, flags: ApplyFlags, io: Io): Promise<ExitCode> => {
  const out = outOf(flags, io)
  const state = await opened.read(stateAt)
  const { service, settings, definition, tags, suspended } = state
  const { runs } = recommendation
  const earlier = await earlierChanges(opened.place, out)
  const { isOwn, isResized } = ownRollOut(earlier, runs, settings.definition)
  const reasons = reasonsAgainst(await groundsOf(recommendation, state, isOwn, flags, io))
  refuse(reasons.length === 0 ? [] : [...reasons, ...openNotes(earlier, io)])
  const plan = ecsPlan(recommendation, 'aws-cli')
  if ('because' in plan) throw new SafetyError(`Nothing was changed. ${plan.because}`)
  const label = needsLabel(plan) ? (recommendation.resourceLabel ?? (await labelAt(opened, state))) : undefined
  const wanted = wantedOf(recommendation, plan, nowOf(state, isResized), { label, isSizeAsked: flags.size === true })
  if ('declined' in wanted) throw new SafetyError(wanted.because)
  const { size } = wanted
  const desired = service.desiredCount ?? 0
  const isWindows = definition.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') === true
  const platform = service.platformVersion
  refuse(
    reasonsAgainstFit({
      now: settings,
      wanted: wanted.settings,
      size,
      desired,
      isOnFargate: isOnFargate(service),
      isWindows,
      platform,
      sizes: await shippedSizes(),
    }),
  )
  const cost = await costOfChange(state, wanted.settings, size, flags, io)
  const owner = ownerOf(service.tags ?? [])
  const { account, region, arn, cluster, service: name } = opened.place
  return changeService(
    opened,
    {
      title: `Change ECS service ${cluster}/${name} in account ${account}, region ${region}, as ${arn}, by the advice from ${runs.join(', ')}:`,
      state,
      wanted: wanted.settings,
      beside: { revision: size && resized(definition, tags, size) },
      cost,
      notes: [...wanted.notes, ...warningsOf({ now: settings, wanted: wanted.settings, desired, suspended, owner, runs }), ...openNotes(earlier, io)],
      runs,
      out,
      earlier,
      undoes: undefined,
    },
    flags,
    io,
  )
}

const applyAdvice = async (names: readonly string[], flags: ApplyFlags, io: Io, signals: Signals): Promise<ExitCode> => {
  if (names.length === 0)
    throw new UsageError('What is to be applied is not said. It is advice that was looked at. Name its run or its file: perf apply latest.')
  const recommendation = await adviceFor(names, storeOf(flags, io), io)
  const { region, account, ...place } = placeOf(recommendation, flags)
  const opened = await OpenedService.open({ ...accountOf(flags, region), ...place }, signals)
  try {
    requireAccount(opened.place, flags.account ?? account)
    return await applyTo(opened, recommendation, flags, io)
  } finally {
    await opened.close()
  }
}

/**
 * Exits 0 when it is done, or nothing had to be.
 * @throws {UsageError} without advice or a service @throws {SafetyError} when it must not be, or nobody agreed @throws {DeploymentError} when it stopped half-way
 */
export const apply = async (names: readonly string[], flags: ApplyFlags, io: Io): Promise<ExitCode> => {
  const [stop, hurry] = [new AbortController(), new AbortController()]
  const signals = { signal: stop.signal, hurry: hurry.signal }
  const stopListening = io.onInterrupt(() => (stop.signal.aborted ? hurry : stop).abort())
  try {
    if (flags.rollback === undefined) return await applyAdvice(names, flags, io, signals)
    if (names.length > 0)
      throw new UsageError(`Both ${names.join(' ')} and --rollback ${flags.rollback} are named. One applies, and the other puts back. Leave one of them out.`)
    return await rollBack(flags.rollback, flags, io, signals)
  } finally {
    stopListening()
  }
}
