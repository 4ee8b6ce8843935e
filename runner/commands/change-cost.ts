/** What a change of a service costs, from the prices that the flags mean. */
import { type CostChange, costChange } from '../../budgets/advice/apply/cost.ts'
import { taskSizeOf } from '../deployments/ecs/resized.ts'
import type { Settings, TaskSize } from '../deployments/ecs/settings.ts'
import { isOnFargate, type State } from '../deployments/ecs/state.ts'
import type { Io } from '../io.ts'
import { type PricesFlags, readPrices } from './prices.ts'

export type CostTold = { readonly cost: CostChange | undefined; readonly notes: readonly string[] }

export const costOfChange = async (state: State, wanted: Settings, size: TaskSize | undefined, flags: PricesFlags, io: Io): Promise<CostTold> => {
  const { service, definition, settings } = state
  if (!isOnFargate(service)) return { cost: undefined, notes: ['Cost: unknown, because the tasks do not run on Fargate: machines are paid, and not tasks.'] }
  const desired = service.desiredCount ?? 0
  const fleet = ({ bounds }: Settings, of: TaskSize) => ({ size: of, fewest: bounds?.minimum ?? desired, most: bounds?.maximum ?? desired })
  const now = taskSizeOf(definition)
  const architecture = definition.runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm' : 'x86'
  const cost = costChange(fleet(settings, now), fleet(wanted, size ?? now), await readPrices(flags, io), architecture)
  if (cost === undefined) return { cost, notes: ['Cost: unknown, because the prices have none for this processor.'] }
  const isSpot = service.capacityProviderStrategy?.some(({ capacityProvider }) => capacityProvider === 'FARGATE_SPOT')
  return {
    cost,
    notes: [
      ...(Object.keys(wanted.schedules).length > 0 ? ['What scheduled actions start beyond that comes on top.'] : []),
      ...(isSpot ? ['Tasks on Fargate Spot cost less than that.'] : []),
    ],
  }
}
