/** Words that several checks use alike. */
import type { Exchange } from '../../runner/audit/visit.ts'
import { count } from '../figure.ts'

/** Of files, in decimal units. @example size(229_412) // '229 kB' @example size(9500) // '9.5 kB' @example size(420) // '420 B' */
export const size = (bytes: number): string => {
  const [unit, word] = bytes < 1000 ? [1, 'B'] : bytes < 1e6 ? [1e3, 'kB'] : [1e6, 'MB']
  return `${count(Number((bytes / Number(unit)).toPrecision(3)))} ${word}`
}

/** @example isOrAre(1, 'file') // '1 file is' @example isOrAre(3, 'file') // '3 files are' */
export const isOrAre = (number: number, noun: string): string => `${count(number)} ${noun}${number === 1 ? ' is' : 's are'}`

/** Answers with a body of their own; errors and empty ones are not judged. */
export const isAnswered = ({ status }: Exchange): boolean => status >= 200 && status < 300
