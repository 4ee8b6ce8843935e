/** The resources of a template as TypeScript for the CDK: the same names with a small letter first, and what they refer to as expressions. */
import { comment, indented } from '../comment.ts'
import { type Content, Fields } from '../commented-yaml.ts'

const code = (character: string): string =>
  [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

/** @example literal("it's") // '"it\'s"' */
export const literal = (text: string): string => JSON.stringify(text).replace(/[\p{Cf}\p{Zl}\p{Zp}\x7f-\x9f]/gu, code)

export const smallFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

/** What a template refers to, by what it says there. */
export type Expressions = Readonly<Record<string, string>>

const intrinsics = ['Ref', 'Fn::Sub']

/** @throws {Error} for a reference that `expressions` does not have: a mistake of ours, never of a name */
export const typescriptOf = (content: Content, expressions: Expressions): string => {
  if (typeof content === 'string') return literal(content)
  if (content instanceof Fields) {
    const [only] = content.all
    if (only !== undefined && intrinsics.includes(only.name)) {
      const expression = expressions[only.value as string]
      if (expression === undefined) throw new Error(`The CDK has no expression for ${only.name} ${only.value}`)
      return expression
    }
    return `{\n${indented(content.all.map((each) => [...comment(each.because === undefined ? [] : [each.because], '//'), `${smallFirst(each.name)}: ${typescriptOf(each.value, expressions)},`].join('\n')).join('\n'), '  ')}\n}`
  }
  if (typeof content === 'object') return `[${content.map((each) => typescriptOf(each, expressions)).join(', ')}]`
  return String(content)
}
