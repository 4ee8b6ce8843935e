/** `perf apply --rollback FILE`: puts back what a service had before a change. */
import { resolve } from 'node:path'
import { OpenedService } from '../deployments/ecs/opened.ts'
import { readRollback } from '../deployments/ecs/rollback-file.ts'
import { stateAt } from '../deployments/ecs/state.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import type { ApplyFlags } from './apply.ts'
import { accountOf, requireAccount } from './aws-account.ts'
import { changeService } from './change-service.ts'
import { outOf } from './saved-runs.ts'

/** @throws {SafetyError} for another account, or without a yes @throws {DeploymentError} when it stopped half-way */
export const rollBack = async (file: string, flags: ApplyFlags, io: Io, signal: AbortSignal): Promise<ExitCode> => {
  const rollback = await readRollback(resolve(io.cwd, file))
  const { cluster, service, region, account, savedAt, before, desired } = rollback
  const opened = await OpenedService.open({ ...accountOf(flags, region), cluster, service }, signal)
  try {
    requireAccount(opened.place, flags.account ?? account)
    const state = await opened.read(stateAt)
    const now = state.service.desiredCount ?? 0
    const { arn } = opened.place
    return await changeService(
      opened,
      {
        title: `Put back ECS service ${cluster}/${service} in account ${account}, region ${region}, as ${arn}, to what it had at ${savedAt}:`,
        state,
        wanted: before,
        size: undefined,
        cost: undefined,
        notes: [
          ...(now === desired
            ? []
            : [
                before.bounds === null
                  ? `${now} tasks are wanted now and ${desired} were then. Nothing scales the service afterwards, so that number stays until you change it.`
                  : `${now} tasks are wanted now and ${desired} were then. That number follows the policies, and is not put back.`,
              ]),
        ],
        runs: rollback.runs,
        out: outOf(flags, io),
      },
      flags,
      io,
    )
  } finally {
    await opened.close()
  }
}
