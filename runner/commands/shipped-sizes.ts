/** The sizes of Fargate that are shipped. */
import { readFile } from 'node:fs/promises'
import { fargateSizesSchema, type Size, sizesOf } from '../../budgets/advice/sizing/fargate-size.ts'

export const shippedSizes = async (): Promise<Size[]> =>
  sizesOf(fargateSizesSchema.parse(JSON.parse(await readFile(new URL('../../budgets/advice/sizing/fargate-sizes.json', import.meta.url), 'utf8'))))
