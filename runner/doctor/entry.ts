/** Writes the configuration's entry of a probe, to be pasted. */
import { z } from 'zod'
import type { ProbeKind } from '../probes/kind.ts'

const keyOf = (key: string): string => (/^[A-Za-z_]\w*$/.test(key) ? key : `'${key}'`)

/** A value as TypeScript. @example literalOf({ url: 'x', 'a-b': [1] }) // "{ url: 'x', 'a-b': [1] }" */
const literalOf = (value: unknown): string => {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const pairs = Object.entries(value).map(([key, each]) => `${keyOf(key)}: ${literalOf(each)}`)
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}

export const entryOf = (kind: string, options: unknown): string => literalOf({ kind, ...(options as Record<string, unknown>) })

type Described = {
  readonly anyOf?: readonly Described[]
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Described>>
}

const placeholderOf = ({ type, anyOf }: Described): string => {
  const each = type ?? anyOf?.[0]?.type
  return each === 'integer' || each === 'number' ? '0' : each === 'array' ? "['…']" : each === 'object' ? "{ …: '…' }" : "'…'"
}

/**
 * The least that an entry of this kind must say, with what each value is; of a kind that has several forms, the first one.
 * @example templateOf(nginxKind) // { entry: "{ kind: 'nginx', url: '…' }", values: ['url: of the location that says stub_status'] }
 */
export const templateOf = ({
  kind,
  options,
  example,
}: Pick<ProbeKind, 'kind' | 'options' | 'example'>): { readonly entry: string; readonly values: readonly string[] } => {
  if (example !== undefined) return { entry: entryOf(kind, example), values: [] }
  const whole = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as Described
  const { properties = {}, required = [] } = whole.anyOf?.[0] ?? whole
  const needed = required.flatMap((name) => {
    const described = properties[name]
    return described === undefined ? [] : [{ name, described }]
  })
  return {
    entry: `{ ${[`kind: '${kind}'`, ...needed.map(({ name, described }) => `${keyOf(name)}: ${placeholderOf(described)}`)].join(', ')} }`,
    values: needed.flatMap(({ name, described: { description } }) => (description === undefined ? [] : [`${name}: ${description}`])),
  }
}
