/** Prose on lines of a width, in a terminal or in a comment. */
import stringWidth from 'string-width'

/** Spaces between words; a number stays with its unit. */
const between = /(?<!\d) | (?!(?:%|ms|s|min|h|kB|MB|GB|cores?|USD|vCPU|requests\/s|journeys\/s)(?!\w))/

/**
 * Words on lines of at most `columns`; the first line starts with `first`, the others with `rest`, by default as many spaces. A word longer than a line stays whole: a path
 * or an address in two pieces is of no use.
 * @example wrapped('one two three', 9, '- ') // ['- one two', '  three']
 */
export const wrapped = (text: string, columns: number, first = '', rest = ' '.repeat(stringWidth(first))): string[] => {
  const lines: string[] = []
  let line = first
  let width = stringWidth(first)
  let isEmpty = true
  for (const word of text.split(between)) {
    const more = stringWidth(word)
    if (!isEmpty && width + 1 + more > columns) {
      lines.push(line)
      line = rest + word
      width = stringWidth(rest) + more
    } else {
      line += isEmpty ? word : ` ${word}`
      width += isEmpty ? more : 1 + more
    }
    isEmpty = false
  }
  return [...lines, line]
}
