/** The shared measuring, with this folder's engine. */
import { aPlan as aPlanFor, type Measured, type Measuring, measure as measureOn } from '../measuring.ts'

export type { Measuring } from '../measuring.ts'
export { cellOf, lineOf, requestsIn, testWithK6 } from '../measuring.ts'

export const aPlan = aPlanFor.bind(undefined, 'k6')

export const measure = (given: Measuring): Promise<Measured> => measureOn('k6', given)
