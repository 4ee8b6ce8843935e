/**
 * The text of Chart.js, to be put into the page: it has to open without a network and as an attachment.
 * The one place under reports/ that reads a file. Not a copy kept here, because a copy would miss the library's fixes;
 * not an argument, because what is read belongs to this package and to no run.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

let known: string | undefined

export const chartLibrary = (): string => {
  if (known === undefined) {
    // The package exports only its module builds; the one for script elements lies beside them.
    const entry = createRequire(import.meta.url).resolve('chart.js')
    known = readFileSync(join(dirname(entry), 'chart.umd.min.js'), 'utf8')
      .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '')
      .replace(/<\/script/gi, '<\\/script')
  }
  return known
}
