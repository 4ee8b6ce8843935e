/** `--as cloudformation`: a template of the autoscaler, and the size as a part to merge into the service's own template. */
import type { Artefact, Writer } from './artefact.ts'
import { parameters } from './cloudformation/parameters.ts'
import { scalingResources } from './cloudformation/scaling.ts'
import { sizeResources } from './cloudformation/size.ts'
import { type Field, field, fields, yamlText } from './commented-yaml.ts'
import { headOf } from './derivation.ts'
import { type EcsPlan, ecsPlan, needsHighResolution, needsQueue } from './ecs/plan.ts'
import { containerInsightsSentence, highResolutionSentence, roleSentence } from './ecs/rights.ts'
import { identifier } from './names.ts'

const version = '2010-09-09'

const template = (head: readonly string[], description: string, given: readonly Field[], resources: readonly Field[]): string =>
  yamlText(
    head,
    fields(
      field('AWSTemplateFormatVersion', version),
      field('Description', description),
      given.length === 0 ? [] : field('Parameters', fields(given)),
      field('Resources', fields(resources)),
    ),
  )

const scalingFile = (plan: EcsPlan, scaling: NonNullable<EcsPlan['scaling']>, head: (file: string) => string[]): Artefact => {
  const file = 'scaling.yaml'
  const needs = [
    roleSentence,
    ...(needsHighResolution(plan) ? [highResolutionSentence] : []),
    ...(needsQueue(plan) ? [containerInsightsSentence] : []),
    'DesiredCount must be absent from the service itself, or each update undoes what the autoscaler did.',
  ]
  const text = template(
    [...head(file), '', ...needs],
    'Autoscaling of an ECS service, as measured',
    parameters(plan),
    scalingResources(plan, scaling, identifier(plan.service)),
  )
  return { file, text, validators: ['cfn-lint'] }
}

const sizeFile = (plan: EcsPlan, size: NonNullable<EcsPlan['size']>, head: (file: string) => string[]): Artefact => {
  const file = 'task-size.yaml'
  const how = [
    'A part to merge: put these properties into the task definition and the service that your template has. It is no template to deploy by itself.',
    `It was measured on ${size.architecture}, so CpuArchitecture of its RuntimePlatform must be that.`,
  ]
  return { file, text: template([...head(file), '', ...how], 'Size of a task, as measured', [], sizeResources(plan, size)), validators: ['cfn-lint'] }
}

export const cloudformation: Writer = (recommendation) => {
  const plan = ecsPlan(recommendation, 'cloudformation')
  if ('because' in plan) return plan
  const head = (file: string): string[] => [...headOf(recommendation, `${file}: what to deploy on Amazon ECS.`), ...plan.declined]
  return [...(plan.scaling === undefined ? [] : [scalingFile(plan, plan.scaling, head)]), ...(plan.size === undefined ? [] : [sizeFile(plan, plan.size, head)])]
}
