/** An existing k6 script as a source of load. */
import { basename } from 'node:path'
import type { JourneyShare } from '../../plan.ts'

/** @example nameOfScript('/tests/check-out.k6.ts') // 'check-out.k6' */
export const nameOfScript = (file: string): string => basename(file).replace(/\.[cm]?[jt]s$/, '')

/** A script is one journey, named after its file; functions named by its own scenarios take turns in it. */
export const journeysOfScript = (file: string): JourneyShare[] => [{ name: nameOfScript(file), weight: 1 }]
