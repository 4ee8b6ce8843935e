/** The six test types by name. */
import { baseline } from './baseline.ts'
import { breakpoint } from './breakpoint.ts'
import type { TestType } from './journey.ts'
import { smoke } from './smoke.ts'
import { soak } from './soak.ts'
import { spike } from './spike.ts'
import { stress } from './stress.ts'
import type { Test } from './test.ts'

export const tests: Readonly<Record<TestType, Test>> = { smoke, baseline, stress, spike, soak, breakpoint }
