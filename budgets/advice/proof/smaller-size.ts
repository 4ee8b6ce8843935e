/** The size that a recommended one must beat: one step fewer cores, with memory as near as it may be had, so that it is the cores that are tried. */
import type { Size } from '../sizing/fargate-size.ts'

export type SmallerSize = { readonly size: Size /** A size that nobody sells, only run to see whether less would do. */; readonly isContainer: boolean }

const isSame = (a: Size, b: Size): boolean => a.vcpu === b.vcpu && a.gigabytes === b.gigabytes

/**
 * Of the sizes that may be had; of one that is not among them, or the smallest, a container of half its cores.
 * @example smallerSize(fargate, { vcpu: 0.5, gigabytes: 4 }) // { size: { vcpu: 0.25, gigabytes: 2 }, isContainer: false }
 */
export const smallerSize = (sizes: readonly Size[], size: Size): SmallerSize => {
  const fewer = sizes.some((each) => isSame(each, size)) ? sizes.filter(({ vcpu }) => vcpu < size.vcpu) : []
  const most = fewer.reduce((highest, { vcpu }) => Math.max(highest, vcpu), 0)
  const [nearest] = fewer
    .filter(({ vcpu }) => vcpu === most)
    .toSorted((a, b) => Math.abs(a.gigabytes - size.gigabytes) - Math.abs(b.gigabytes - size.gigabytes))
  return nearest === undefined ? { size: { vcpu: size.vcpu / 2, gigabytes: size.gigabytes }, isContainer: true } : { size: nearest, isContainer: false }
}
