/** What two settings differ in, value by value: the diff before a change, and the check after it. */
import { isDeepStrictEqual } from 'node:util'
import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs'
import { taskSizeOf } from './resized.ts'
import type { PolicySettings, ScheduleSettings, Settings } from './settings.ts'
import { revisionName } from './step-words.ts'
import type { Beside } from './steps.ts'

/** One value; undefined where there is none. `of`: what it belongs to, such as policy cpu; empty for the bounds. */
export type Difference = { readonly of: string; readonly name: string; readonly before: string | undefined; readonly after: string | undefined }

const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value))

/** Values by their path: { PredefinedMetricSpecification: { ResourceLabel: 'a' } } is one under "PredefinedMetricSpecification.ResourceLabel". */
const flat = (value: unknown, path: string): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, inner]) => flat(inner, path === '' ? name : `${path}.${name}`))
    : [[path, value]]

const between = (of: string, now: object | null | undefined, then: object | null | undefined): Difference[] => {
  const [before, after] = [new Map(flat(now ?? {}, '')), new Map(flat(then ?? {}, ''))]
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => !isDeepStrictEqual(before.get(name), after.get(name)))
    .map((name) => ({ of, name, before: textOf(before.get(name)), after: textOf(after.get(name)) }))
}

const named = <Value extends PolicySettings | ScheduleSettings>(
  word: string,
  now: Readonly<Record<string, Value>>,
  then: Readonly<Record<string, Value>>,
): Difference[] =>
  [...new Set([...Object.keys(now), ...Object.keys(then)])].flatMap((name) => {
    const valuesOf = (value: Value | undefined): object | undefined =>
      value !== undefined && 'configuration' in value ? { type: value.type, ...value.configuration } : value
    return between(`${word} ${name}`, valuesOf(now[name]), valuesOf(then[name]))
  })

export const differencesOf = (now: Settings, then: Settings): Difference[] => [
  ...between('', now.bounds, then.bounds),
  ...named('policy', now.policies, then.policies),
  ...named('scheduled action', now.schedules, then.schedules),
  ...between('', { 'task definition': now.definition }, { 'task definition': then.definition }),
]

const figures = ['cpu', 'memory', 'memoryReservation'] as const

const inContainer = (before: ContainerDefinition | undefined, after: ContainerDefinition): Difference[] =>
  figures
    .filter((name) => before?.[name] !== after[name])
    .map((name) => ({ of: `container ${after.name}`, name, before: textOf(before?.[name]), after: textOf(after[name]) }))

/** What changes of the tasks themselves. @param definition in use */
export const besideDifferences = (definition: TaskDefinition, { revision, desired, retired }: Beside): Difference[] => {
  const { cpu, memory } = taskSizeOf(definition)
  const containers = definition.containerDefinitions ?? []
  const resized: Difference[] =
    revision === undefined
      ? []
      : [{ of: '', name: 'size', before: `${cpu} CPU units, ${memory} MiB`, after: `${revision.cpu} CPU units, ${revision.memory} MiB` }]
  return [
    ...resized,
    ...(desired === undefined ? [] : [{ of: '', name: 'wanted tasks', before: String(desired.now), after: String(desired.wanted) }]),
    ...(retired === undefined ? [] : [{ of: '', name: revisionName(retired), before: 'registered by perf', after: 'deregistered' }]),
    ...(revision?.containerDefinitions ?? []).flatMap((after) =>
      inContainer(
        containers.find(({ name }) => name === after.name),
        after,
      ),
    ),
  ]
}
