/** Words of a bash command. */
import { type Content, Fields } from '../commented-yaml.ts'

const withinQuotes = (text: string): string => text.replaceAll("'", "'\\''")

/** In single quotes nothing is read but the next one; a NUL can't be in a word. @example quoted("it's") // "'it'\\''s'" */
export const quoted = (text: string): string => `'${withinQuotes(text.replaceAll('\0', ''))}'`

/** What a template refers to, by what it says there, as bash reads it between double quotes. */
export type Variables = Readonly<Record<string, string>>

const intrinsics = ['Ref', 'Fn::Sub']

/** JSON between single quotes; a variable ends them and begins them again. */
const inner = (content: Content, variables: Variables): string => {
  if (!(content instanceof Fields))
    return typeof content === 'object' ? `[${content.map((each) => inner(each, variables)).join(',')}]` : withinQuotes(JSON.stringify(content))
  const [only] = content.all
  if (only !== undefined && intrinsics.includes(only.name)) return `"'"${variables[only.value as string]}"'"`
  return `{${content.all.map(({ name, value }) => `${JSON.stringify(name)}:${inner(value, variables)}`).join(',')}}`
}

/** JSON as one word. @example jsonWord(fields(field('A', 1)), {}) // "'{\"A\":1}'" */
export const jsonWord = (content: Content, variables: Variables): string => `'${inner(content, variables)}'`

/** @example command('aws', ['sts', 'get-caller-identity'], [['--output', 'text']]) // one option a line */
export const command = (words: readonly string[], options: readonly (readonly [name: string, word: string])[]): string =>
  [words.join(' '), ...options.map(([name, word]) => `  ${name} ${word}`)].join(' \\\n')
