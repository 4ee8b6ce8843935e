/** Whether what is wanted fits the service as it runs now: reasons against it, before anything is shown to be agreed to. */
import type { Settings, TaskSize } from '../../../runner/deployments/ecs/settings.ts'
import { type Size, sizeLabel } from '../sizing/fargate-size.ts'

export type Fit = {
  readonly now: Settings
  readonly wanted: Settings
  /** Undefined: it stays. */
  readonly size: TaskSize | undefined
  /** Tasks that are wanted at the moment. */
  readonly desired: number
  readonly isOnFargate: boolean
  readonly isWindows: boolean
  /** As the service names it: 1.4.0, LATEST; undefined: it does not. */
  readonly platform: string | undefined
  /** Those that Fargate has. */
  readonly sizes: readonly Size[]
}

/** vCPU from which Linux needs platform 1.4.0; Windows has none of these, and none below one. */
const large = 8

const ofSize = (size: TaskSize, { isOnFargate, isWindows, platform = 'LATEST', sizes }: Fit): string[] => {
  const [vcpu, gigabytes] = [size.cpu / 1024, size.memory / 1024]
  const label = sizeLabel({ vcpu, gigabytes })
  if (!isOnFargate)
    return [
      'The tasks do not run on Fargate, so their size is what the machines leave them. perf apply changes the size on Fargate only. Leave --size out, and look at the capacity provider.',
    ]
  if (!sizes.some((each) => each.vcpu === vcpu && each.gigabytes === gigabytes))
    return [`Fargate has no tasks of ${label}. Each number of vCPU has its own memory sizes. Run perf advise again, and apply what it says.`]
  if (isWindows && (vcpu < 1 || vcpu >= large))
    return [`Fargate has no Windows tasks of ${label}: they have 1, 2 or 4 vCPU. Leave --size out, and choose one of these.`]
  if (vcpu >= large && /^1\.[0-3]\./.test(platform))
    return [`Tasks of ${label} need platform version 1.4.0, and the service has ${platform}. Roll it out with LATEST first, or leave --size out.`]
  return []
}

const ofMaximum = ({ now, wanted, desired, size }: Fit): string[] => {
  if (size !== undefined || wanted.bounds === null || desired <= wanted.bounds.maximum) return []
  if (now.bounds !== null && now.bounds.maximum <= wanted.bounds.maximum) return []
  return [
    `${desired} tasks are wanted now, and the maximum would be ${wanted.bounds.maximum}: ${desired - wanted.bounds.maximum} of them would be stopped at once, under whatever load made them start. A maximum is lowered in the calm. Apply again when fewer run, or measure at the load that is there now.`,
  ]
}

export const reasonsAgainstFit = (fit: Fit): string[] => [...(fit.size === undefined ? [] : ofSize(fit.size, fit)), ...ofMaximum(fit)]
