/** Terraform's language, laid out as `terraform fmt` does: attributes that follow each other have their equals signs in one column. */
import { comment, indented } from '../comment.ts'

/** Text between `${…}` or alone that Terraform evaluates, written by us and never by a user. */
export class Expression {
  constructor(readonly text: string) {}
}

export type Value = string | number | boolean | Expression | readonly Value[] | { readonly [name: string]: Value }
export type Attribute = { readonly name: string; readonly value: Value; readonly because?: string | undefined }
export type Block = {
  readonly type: string
  readonly labels: readonly string[]
  readonly body: readonly (Attribute | Block)[]
  readonly because?: readonly string[]
}

export const attribute = (name: string, value: Value, because?: string): Attribute => ({ name, value, because })
export const block = (type: string, labels: readonly string[], body: readonly (Attribute | Block)[], because?: readonly string[]): Block =>
  because === undefined ? { type, labels, body } : { type, labels, body, because }

const code = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** @example quoted('a"${b}') // '"a\\"$${b}"' */
export const quoted = (text: string): string =>
  `"${text
    .replace(/[\\"]/g, (character) => `\\${character}`)
    .replace(/[$%](?=\{)/g, (character) => character + character)
    .replace(/\p{Cc}/gu, code)
    .replace(/\p{Cs}/gu, '\ufffd')}"`

const indent = '  '

const inline = (value: Value): string => {
  if (value instanceof Expression) return value.text
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  return objectText(value as { readonly [name: string]: Value })
}

/** A quoted key is always right. */
const objectText = (object: { readonly [name: string]: Value }): string => {
  const entries = Object.entries(object).map(([name, value]) => [quoted(name), inline(value)] as const)
  const widest = Math.max(...entries.map(([name]) => [...name].length))
  return `{\n${entries.map(([name, value]) => `${indent}${name.padEnd(widest + name.length - [...name].length)} = ${value}`).join('\n')}\n}`
}

/** A reason or a value of several lines ends the row of those whose equals signs stand below each other. */
const rowsOf = (attributes: readonly Attribute[]): Attribute[][] => {
  const rows: Attribute[][] = []
  for (const each of attributes) {
    const row = rows.at(-1)
    if (row === undefined || each.because !== undefined || inline(each.value).includes('\n')) rows.push([each])
    else row.push(each)
  }
  return rows
}

const rowText = (row: readonly Attribute[]): string => {
  const widest = Math.max(...row.map(({ name }) => name.length))
  return row
    .map(({ name, value, because }) => [...(because === undefined ? [] : comment([because], '#')), `${name.padEnd(widest)} = ${inline(value)}`].join('\n'))
    .join('\n')
}

export const blockText = ({ type, labels, body, because = [] }: Block): string => {
  const attributes = body.filter((each): each is Attribute => 'name' in each)
  const blocks = body.filter((each): each is Block => 'type' in each)
  const parts = [...rowsOf(attributes).map(rowText), ...blocks.map(blockText)]
  return [...comment(because, '#'), `${[type, ...labels.map(quoted)].join(' ')} {`, indented(parts.join('\n\n'), indent), '}'].join('\n')
}
