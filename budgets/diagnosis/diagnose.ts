/** The illnesses that a run shows the signs of, what ends a run before what slows it. None is the usual answer. */
import { afterWarmUp } from '../../runner/after-warm-up.ts'
import type { Run } from '../../runner/run.ts'
import type { Attribution } from '../attribution/attribute.ts'
import { resourcesOf } from '../attribution/resources.ts'
import { connectionPool } from './connection-pool.ts'
import { cpuSaturation } from './cpu-saturation.ts'
import { cpuThrottling } from './cpu-throttling.ts'
import { fileDescriptors } from './file-descriptors.ts'
import type { Diagnosis, Illness } from './illness.ts'
import { lockContention } from './lock-contention.ts'
import { memoryLeak } from './memory-leak.ts'
import { missingIndex } from './missing-index.ts'
import { nPlusOne } from './n-plus-one.ts'
import { outOfMemory } from './out-of-memory.ts'
import { rateLimiting } from './rate-limiting.ts'

const diagnoses: readonly Diagnosis[] = [
  outOfMemory,
  rateLimiting,
  fileDescriptors,
  lockContention,
  missingIndex,
  connectionPool,
  cpuThrottling,
  cpuSaturation,
  memoryLeak,
  nPlusOne,
]

/** @param attribution of the same run: several illnesses are what broke first, by another name */
export const diagnose = (whole: Run, attribution: Attribution): Illness[] => {
  const run = afterWarmUp(whole)
  if (run.validity.state === 'INVALID') return []
  const seen = { run, attribution, resources: resourcesOf(run) }
  return diagnoses.flatMap((diagnosis) => diagnosis(seen) ?? [])
}
