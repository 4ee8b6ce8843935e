/** The illnesses that a run shows the signs of, what ends a run before what slows it. None is the usual answer. */
import { afterWarmUp } from '../../runner/after-warm-up.ts'
import type { Run } from '../../runner/run.ts'
import type { Attribution } from '../attribution/attribute.ts'
import { resourcesOf } from '../attribution/resources.ts'
import { cacheStampede } from './cache-stampede.ts'
import { connectionPool } from './connection-pool.ts'
import { cpuSaturation } from './cpu-saturation.ts'
import { cpuThrottling } from './cpu-throttling.ts'
import { diskFilling } from './disk-filling.ts'
import { ephemeralPorts } from './ephemeral-ports.ts'
import { fileDescriptors } from './file-descriptors.ts'
import { garbageCollection } from './garbage-collection.ts'
import type { Case, Diagnosis, Illness } from './illness.ts'
import { loadImbalance } from './load-imbalance.ts'
import { lockContention } from './lock-contention.ts'
import { memoryLeak, memoryRemarks } from './memory-leak.ts'
import { missingIndex } from './missing-index.ts'
import { nPlusOne } from './n-plus-one.ts'
import { noisyNeighbour } from './noisy-neighbour.ts'
import { outOfMemory } from './out-of-memory.ts'
import { queueGrowth } from './queue-growth.ts'
import { rateLimiting } from './rate-limiting.ts'
import { retryStorm } from './retry-storm.ts'

const diagnoses: readonly Diagnosis[] = [
  outOfMemory,
  rateLimiting,
  diskFilling,
  fileDescriptors,
  ephemeralPorts,
  cacheStampede,
  lockContention,
  missingIndex,
  retryStorm,
  garbageCollection,
  connectionPool,
  loadImbalance,
  cpuThrottling,
  noisyNeighbour,
  cpuSaturation,
  queueGrowth,
  memoryLeak,
  nPlusOne,
]

const caseOf = (whole: Run, attribution: Attribution): Case | undefined => {
  const run = afterWarmUp(whole)
  return run.validity.state === 'INVALID' ? undefined : { run, attribution, resources: resourcesOf(run) }
}

/** @param attribution of the same run: several illnesses are what broke first, by another name */
export const diagnose = (whole: Run, attribution: Attribution): Illness[] => {
  const seen = caseOf(whole, attribution)
  return seen === undefined ? [] : diagnoses.flatMap((diagnosis) => diagnosis(seen) ?? [])
}

/** What was looked at and is no illness, or could not be told, and why: for a curve that somebody would ask about. */
export const remarks = (whole: Run, attribution: Attribution): string[] => {
  const seen = caseOf(whole, attribution)
  return seen === undefined ? [] : memoryRemarks(seen)
}
