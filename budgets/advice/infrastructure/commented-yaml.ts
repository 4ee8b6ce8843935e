/** YAML whose values say where they come from. */
import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { comment } from './comment.ts'

/** A mapping in its order; a comment stands above its name. */
export class Fields {
  constructor(readonly all: readonly Field[]) {}
}
export type Field = { readonly name: string; readonly value: Content; readonly because?: string | undefined }
export type Content = string | number | boolean | Fields | readonly Content[]

export const field = (name: string, value: Content, because?: string): Field => ({ name, value, because })
/** @example fields(field('min', 1, 'one may fail'), field('max', 4)) */
export const fields = (...all: readonly (Field | readonly Field[])[]): Fields => new Fields(all.flat())

/** YAML 1.1 ends a line at some of these, and others would show another text than there is. */
const unsafe = /[\p{Cf}\p{Zl}\p{Zp}\x7f-\x9f]/u
const everyUnsafe = new RegExp(unsafe, 'gu')
const code = (character: string): string =>
  character.length === 1 ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`

const scalarOf = (value: string | number | boolean): Scalar => {
  const scalar = new Scalar(value)
  if (typeof value === 'string' && unsafe.test(value)) scalar.type = 'QUOTE_DOUBLE'
  return scalar
}

const nodeOf = (content: Content): Scalar | YAMLMap | YAMLSeq => {
  if (content instanceof Fields) {
    const map = new YAMLMap()
    for (const each of content.all) map.items.push(pairOf(each))
    return map
  }
  if (typeof content === 'object') {
    const list = new YAMLSeq()
    for (const each of content) list.items.push(nodeOf(each))
    return list
  }
  return scalarOf(content)
}

const pairOf = ({ name, value, because }: Field): Pair => {
  const key = scalarOf(name)
  if (because !== undefined) key.commentBefore = comment([because], '').join('\n')
  return new Pair(key, nodeOf(value))
}

/** @param head sentences above all of it */
export const yamlText = (head: readonly string[], content: Fields): string => {
  // Most readers of these files know YAML 1.1, to which an unquoted no is false.
  const document = new Document(undefined, { version: '1.1' })
  document.contents = nodeOf(content) as never
  // Lines are not folded: what is copied out of one must be whole.
  return `${comment(head, '#').join('\n')}\n${document.toString({ lineWidth: 0 }).replace(everyUnsafe, code)}`
}
