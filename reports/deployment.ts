/** A service as it is deployed, as lines for a terminal. */
import { sizeLabel } from '../budgets/advice/sizing/fargate-size.ts'
import { startUpOf } from '../budgets/advice/start-up.ts'
import { count, countOf, figure, percent } from '../budgets/figure.ts'
import type { DeployedSchedule, DeployedSeries, Deployment } from '../runner/deployments/deployment.ts'
import { policyLines } from './deployed-policies.ts'

const nameOf = ({ name }: Deployment): string =>
  name.kind === 'ecs'
    ? `${name.cluster}/${name.service} in ${name.region}, account ${name.account}`
    : `${name.namespace}/${name.deployment}, context ${name.context}`

const boundsOf = ({ minimum, maximum }: Deployment['instances']): string =>
  minimum === undefined || maximum === undefined ? 'with no bounds that are known' : `${count(minimum)} at least, ${count(maximum)} at most`

const scheduleLine = ({ name, expression, minimum, maximum }: DeployedSchedule): string =>
  `${name}: ${expression}${minimum === undefined ? '' : `, ${count(minimum)} at least`}${maximum === undefined ? '' : `, ${count(maximum)} at most`}`

const pullWords = (pulls: readonly number[]): string =>
  pulls.length === 0 ? '' : ` The image was pulled in ${figure(Math.min(...pulls), '')} to ${figure(Math.max(...pulls), '')} s of it.`

/** Highest values of what its platform measured while load was made. */
const measuredLine = (series: readonly DeployedSeries[]): string => {
  const most = (name: string): number | undefined => {
    const points = series.find((each) => each.name === name)?.points ?? []
    return points.length === 0 ? undefined : Math.max(...points.map(({ value }) => value))
  }
  const told = [
    ['ecs.cpu_max', (value: number) => `CPU of the busiest instance ${percent(value)}`],
    ['ecs.memory_max', (value: number) => `its memory ${percent(value)}`],
    ['alb.requests', (value: number) => `${figure(value, '/s')} at the load balancer`],
    ['alb.response_time_p95', (value: number) => `p95 ${figure(value, 'ms')} there`],
  ] as const
  return told
    .flatMap(([name, words]) => {
      const value = most(name)
      return value === undefined ? [] : [words(value)]
    })
    .join(', ')
}

export const deploymentLines = (deployment: Deployment): string[] => {
  const { size, instances, policies, schedules, activities, caveats, architecture, pulls = [] } = deployment
  const startUp = startUpOf(deployment)
  const measured = measuredLine(deployment.series)
  return [
    `As deployed: ${nameOf(deployment)}`,
    `  Size       ${size === undefined ? 'unknown' : sizeLabel(size)}${architecture === undefined ? '' : `, ${architecture}`}`,
    `  Instances  ${count(instances.desired)} wanted, ${count(instances.running)} running; ${boundsOf(instances)}`,
    ...(policies.length === 0 ? ['  Scaled by  no policy'] : policyLines(policies)),
    ...schedules.map((schedule) => `  Schedule   ${scheduleLine(schedule)}`),
    `  Start-up   ${startUp === undefined ? 'unknown' : `${startUp.because}${pullWords(pulls)}`}`,
    ...(measured === '' ? [] : [`  In the run, at most: ${measured}`]),
    ...(activities.length === 0 ? [] : [`  Scaled     ${countOf(activities.length, 'time')} that could still be read, last at ${activities.at(-1)?.at}`]),
    ...caveats.flatMap((caveat) => caveat.split('\n').map((line) => `  ${line}`)),
  ]
}
