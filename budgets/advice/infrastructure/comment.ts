/** Sentences as comments of a file. They quote names that others chose, which must not end a comment or hide what follows. */
import { wrapped } from '../../wrapped.ts'

const columns = 110

/** On one line: a line's end would end the comment, and a mark of direction would show another text than there is. @example oneLine('a\nb') // 'a b' */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim()

/** @param mark of a comment that ends with its line @example comment(['One.', 'Two.'], '#') // ['# One.', '# Two.'] */
export const comment = (sentences: readonly string[], mark: string): string[] =>
  sentences.flatMap((sentence) => (sentence === '' ? [mark] : wrapped(oneLine(sentence), columns, `${mark} `, `${mark} `)))

/** Each line further in, by its real line ends: to a regular expression a line also ends in the midst of some names. */
export const indented = (text: string, by: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? line : `${by}${line}`))
    .join('\n')
