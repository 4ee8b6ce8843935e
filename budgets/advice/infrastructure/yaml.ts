/** YAML with a head of comments. What some readers take for the end of a line, or for no character at all, is written as its number. */
import { Document, visit } from 'yaml'
import { comment } from './comment.ts'

const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

const numbered = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** One document. @example documentText({ a: 'b' }) // 'a: b\n' */
const documentText = (value: unknown): string => {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && invisible.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  // Left over within double quotes only: comments are made of other text.
  return document.toString({ lineWidth: 0 }).replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, numbered)
}

/** @param head sentences @param values documents, one after the other */
export const yamlText = (head: readonly string[], ...values: readonly unknown[]): string =>
  `${comment(head, '#').join('\n')}\n${values.map(documentText).join('---\n')}`
