/** A service as it is deployed, as lines for a terminal. */
import { count, countOf, figure } from '../budgets/figure.ts'
import type { DeployedPolicy, DeployedSchedule, Deployment } from '../runner/deployments/deployment.ts'

const nameOf = ({ name }: Deployment): string =>
  name.kind === 'ecs'
    ? `${name.cluster}/${name.service} in ${name.region}, account ${name.account}`
    : `${name.namespace}/${name.deployment}, context ${name.context}`

const boundsOf = ({ minimum, maximum }: Deployment['instances']): string =>
  minimum === undefined || maximum === undefined ? 'with no bounds that are known' : `${count(minimum)} at least, ${count(maximum)} at most`

const policyLine = ({ name, metric, target, scaleOutCooldown, scaleInCooldown }: DeployedPolicy): string => {
  const waits = [
    ...(scaleOutCooldown === undefined ? [] : [`${scaleOutCooldown} s between steps out`]),
    ...(scaleInCooldown === undefined ? [] : [`${scaleInCooldown} s before it goes in`]),
  ]
  return `${metric}${target === undefined ? '' : ` at ${figure(target, '')}`} (${[name, ...waits].join(', ')})`
}

const scheduleLine = ({ name, expression, minimum, maximum }: DeployedSchedule): string =>
  `${name}: ${expression}${minimum === undefined ? '' : `, ${count(minimum)} at least`}${maximum === undefined ? '' : `, ${count(maximum)} at most`}`

const startUpLine = (startUps: readonly number[]): string =>
  startUps.length === 0
    ? 'unknown'
    : `${figure(Math.min(...startUps), '')} to ${figure(Math.max(...startUps), '')} s, of ${countOf(startUps.length, 'instance')}`

export const deploymentLines = (deployment: Deployment): string[] => {
  const { size, instances, policies, schedules, startUps, activities, caveats, architecture } = deployment
  return [
    `As deployed: ${nameOf(deployment)}`,
    `  Size       ${size === undefined ? 'unknown' : `${figure(size.vcpu, '')} vCPU, ${figure(size.gigabytes, '')} GB`}${architecture === undefined ? '' : `, ${architecture}`}`,
    `  Instances  ${count(instances.desired)} wanted, ${count(instances.running)} running; ${boundsOf(instances)}`,
    ...(policies.length === 0 ? ['  Scaled by  no policy'] : policies.map((policy) => `  Scaled by  ${policyLine(policy)}`)),
    ...schedules.map((schedule) => `  Schedule   ${scheduleLine(schedule)}`),
    `  Start-up   ${startUpLine(startUps)}`,
    ...(activities.length === 0 ? [] : [`  Scaled     ${countOf(activities.length, 'time')} that could still be read, last at ${activities.at(-1)?.at}`]),
    ...caveats.flatMap((caveat) => caveat.split('\n').map((line) => `  ${line}`)),
  ]
}
