/** The shared measuring, with this folder's engine. */
import { aPlan as aPlanFor, type Measured, type Measuring, measure as measureOn } from '../measuring.ts'

export { cellOf, lineOf, requestsIn } from '../measuring.ts'

export const aPlan = aPlanFor.bind(undefined, 'embedded')

export const measure = (given: Measuring): Promise<Measured> => measureOn('embedded', given)
