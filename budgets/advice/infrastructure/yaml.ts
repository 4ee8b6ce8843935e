/** YAML of plain values below a head of comments. */
import { type Content, yamlText as commentedText, Fields } from './commented-yaml.ts'

/** Values as JSON has them; what is undefined is left out. */
const contentOf = (value: unknown): Content => {
  if (Array.isArray(value)) return value.map(contentOf)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return fieldsOf(value)
}

const fieldsOf = (value: unknown): Fields =>
  new Fields(Object.entries(value ?? {}).flatMap(([name, each]) => (each === undefined ? [] : [{ name, value: contentOf(each) }])))

/** @param head sentences @example yamlText(['A file.'], { a: ['b'] }) // '# A file.\na:\n  - b\n' */
export const yamlText = (head: readonly string[], value: unknown): string => commentedText(head, fieldsOf(value))
