/** Resources against what Terraform's provider takes: every name, kind of value, number of blocks, and what must be given. */
import type { BlockSchema, ValueType } from '../terraform/block-schema.ts'
import { type Attribute, type Block, Expression, type Value } from '../terraform/hcl.ts'
import { providerSchema, providerVersion } from '../terraform/provider-schema.ts'

/** What Terraform itself makes of a value: numbers and texts of numbers are each other's. */
const fits = (value: Value, type: ValueType): boolean => {
  if (value instanceof Expression) return true
  if (Array.isArray(value)) return type === 'list'
  if (typeof value === 'object') return type === 'map'
  if (type === 'string') return true
  if (type === 'bool') return typeof value === 'boolean' || value === 'true' || value === 'false'
  return type === 'number' && typeof value !== 'boolean' && value !== '' && Number.isFinite(Number(value))
}

/** Terraform's own, of every resource. */
const ofEveryResource: Readonly<Record<string, ValueType>> = { depends_on: 'list' }

const attributeWrong = ({ name, value }: Attribute, schema: BlockSchema, path: string): string[] => {
  const type = schema.required[name] ?? schema.optional[name] ?? ofEveryResource[name]
  if (type === undefined) return [`${path}.${name} is no attribute of the AWS provider ${providerVersion}.`]
  return fits(value, type) ? [] : [`${path}.${name} is a ${type} for the AWS provider ${providerVersion}, and something else was written.`]
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

const countWrong = (path: string, count: number, least: number, most = Number.POSITIVE_INFINITY): string[] => [
  ...(count < least ? [`${path} is there ${times(count)}. The AWS provider ${providerVersion} takes it ${times(least)} at least.`] : []),
  ...(count > most ? [`${path} is there ${times(count)}. The AWS provider ${providerVersion} takes it ${times(most)} at most.`] : []),
]

const bodyWrong = ({ body }: Block, schema: BlockSchema, path: string, isPart: boolean): string[] => {
  const attributes = body.filter((each): each is Attribute => 'name' in each)
  const blocks = body.filter((each): each is Block => 'type' in each)
  const given = new Set(attributes.map(({ name }) => name))
  const countOf = (type: string): number => blocks.filter((each) => each.type === type).length
  return [
    ...attributes.flatMap((each) => attributeWrong(each, schema, path)),
    ...(isPart ? [] : Object.keys(schema.required).filter((name) => !given.has(name))).map(
      (name) => `${path}.${name} is missing. The AWS provider ${providerVersion} needs it.`,
    ),
    ...Object.entries(schema.blocks).flatMap(([type, { least, most }]) => countWrong(`${path}.${type}`, countOf(type), isPart ? 0 : least, most)),
    ...blocks.flatMap((each) => {
      const inner = schema.blocks[each.type]
      const at = `${path}.${each.type}`
      return inner === undefined ? [`${at} is no block of the AWS provider ${providerVersion}.`] : bodyWrong(each, inner, at, false)
    }),
  ]
}

/**
 * Variables are Terraform's own and not looked at.
 * @param isPart of resources that stand elsewhere, as in a file that Terraform merges into others: what must be given may stand there
 * @returns sentences, none when nothing is wrong
 */
export const wrongInResources = (blocks: readonly Block[], { isPart }: { readonly isPart: boolean }): string[] =>
  blocks
    .filter(({ type }) => type === 'resource')
    .flatMap((each) => {
      const kind = each.labels[0] ?? ''
      const schema = providerSchema[kind]
      return schema === undefined ? [`${kind} is no resource that perf knows of the AWS provider ${providerVersion}.`] : bodyWrong(each, schema, kind, isPart)
    })
