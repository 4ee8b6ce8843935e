/** Steps of a change, for a list of what was done and what was not. */
import type { Step } from './steps.ts'

/** As people name it. @example revisionName('arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7') // 'web:7' */
export const revisionName = (arn: string): string => arn.split('/').at(-1) ?? arn

export const stepWords = (step: Step): string => {
  switch (step.kind) {
    case 'set bounds':
      return `bounds ${step.minimum} to ${step.maximum}`
    case 'set desired':
      return `${step.count} wanted tasks`
    case 'put policy':
      return `policy ${step.name}`
    case 'delete policy':
      return `removal of policy ${step.name}`
    case 'put schedule':
      return `scheduled action ${step.name}`
    case 'delete schedule':
      return `removal of scheduled action ${step.name}`
    case 'define size':
      return `a task definition of ${step.revision.cpu} CPU units and ${step.revision.memory} MiB`
    case 'use definition':
      return step.definition === undefined ? 'the service with that definition' : `the service with ${revisionName(step.definition)}`
    case 'await roll-out':
      return 'the roll-out'
    case 'deregister':
      return 'removal of the scalable target'
    case 'retire definition':
      return `deregistration of ${revisionName(step.definition)}`
  }
}

/** Waiting changes nothing. */
export const isWrite = ({ kind }: Step): boolean => kind !== 'await roll-out'
