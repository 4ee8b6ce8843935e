/** Everything that is decided before load may start. */
import type { Budget } from '../../budgets/budget.ts'
import type { Planned } from '../planning.ts'
import type { Probe } from '../probes/probe.ts'
import type { Run } from '../run.ts'
import type { Settings } from '../settings.ts'
import type { Store } from '../stores/store.ts'
import type { EngineInUse } from './choose-engine.ts'
import type { Work } from './what-to-run.ts'

export type Prepared = {
  readonly settings: Settings
  readonly budgets: readonly Budget[]
  readonly store: Store
  readonly work: Work
  readonly use: EngineInUse
  readonly planned: Planned
  /** What watches the target's side. */
  readonly probes: readonly Probe[]
  readonly shapeFrom: string
  readonly isDemo: boolean
  /** The recorded run of a replay. */
  readonly plays: Run | undefined
}
