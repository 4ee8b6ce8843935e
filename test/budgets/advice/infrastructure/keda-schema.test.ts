/** ScaledObjects held against KEDA's own schema. What that leaves open, such as a trigger's metadata, our own check knows. */
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { keda } from '../../../../budgets/advice/infrastructure/keda.ts'
import { aScaledObject } from '../../../support/a-pod.ts'
import { situationsOnKubernetes } from '../../../support/alerts.ts'
import { scaledObjectDefinition } from '../../../support/keda.ts'
import type { Thing } from '../../../support/kubernetes-endpoint.ts'

/** An API server that is asked to be strict takes no field that the schema does not name; a JSON schema takes any. */
const strict = (schema: Thing): Thing => {
  if (Array.isArray(schema)) return schema.map(strict)
  if (typeof schema !== 'object' || schema === null) return schema
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, strict(part)]))
  return schema.type === 'object' && typeof schema.properties === 'object' ? { additionalProperties: false, ...parts } : parts
}

const { properties, ...rest } = scaledObjectDefinition.spec.versions[0].schema.openAPIV3Schema
// Metadata are the same for all kinds: the API server knows them, and the definition does not say them.
const schema = { ...rest, properties: { ...strict(properties), metadata: properties.metadata } }
const validate = new Ajv({ strict: false, formats: { int32: true, int64: true, 'date-time': true } }).compile({ ...schema, additionalProperties: false })

const wrongIn = (thing: Thing): unknown[] => {
  validate(thing)
  return validate.errors ?? []
}
const written = (name: string): string => {
  const artefacts = keda(situationsOnKubernetes[name] as NonNullable<(typeof situationsOnKubernetes)[string]>)
  if ('because' in artefacts) throw new Error(artefacts.because)
  return artefacts.find(({ file }) => file === 'scaled-object.yaml')?.text ?? ''
}
const withScaling = Object.entries(situationsOnKubernetes).flatMap(([name, { scaling }]) => (scaling === undefined ? [] : [name]))

describe("KEDA's schema of a ScaledObject", () => {
  test.each(withScaling)('%s: takes what is written', (name) => {
    expect(wrongIn(parse(written(name)))).toEqual([])
  })

  test('takes the one that the tests read', () => {
    expect(wrongIn(aScaledObject)).toEqual([])
  })

  test.each([
    ['a field that there is none of', 'pollingInterval', 'pollInterval'],
    ['a number as the value of a trigger', 'value: "50"', 'value: 50'],
    ['no maximum of replicas', 'maxReplicaCount: 13', 'maxReplicaCount: 0'],
    ['half a second between looks', 'pollingInterval: 30', 'pollingInterval: 0.5'],
    ['no type of a trigger', 'type: cpu', 'type: ""'],
    ['a policy without its period', 'periodSeconds: 15', 'every: 15'],
  ])('refuses %s', (_, from, to) => {
    const text = written('cpu target and size')
    expect(text).toContain(from)
    expect(wrongIn(parse(text.replaceAll(from, to)))).not.toEqual([])
  })
})
