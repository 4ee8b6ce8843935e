import { describe, expect, test } from 'vitest'
import { fitScalability, redrawnLaws, type ScalabilityForm, type ScalabilityPoint, scalabilityIntervals } from '../../../budgets/capacity/scalability-fit.ts'
import { amdahlLimit, contentionLoad, peakLoad, peakThroughput, throughputAt, underOpenLoad } from '../../../budgets/capacity/scalability-law.ts'
import { quantileOfFew } from '../../../runner/stats/few.ts'

const pointsOf = (text: string): ScalabilityPoint[] =>
  text.split(' ').map((pair) => {
    const [load, throughput] = pair.split(':').map(Number)
    return { load: load as number, throughput: throughput as number }
  })

const specsdm91 = pointsOf('1:64.9 18:995.9 36:1652.4 72:1853.2 108:1828.9 144:1775.0 216:1702.2')
const raytracer = pointsOf('1:20 4:78 8:130 12:170 16:190 20:200 24:210 28:230 32:260 48:280 64:310')
const exact = pointsOf('1:1 2:1.8868 4:3.0769 6:3.5294 8:3.5398 10:3.3557')

/** Relative, to the digits that the vectors have. */
const near = (found: number, expected: number, tolerance = 1e-4): void => expect(Math.abs(found / expected - 1)).toBeLessThan(tolerance)

// science.md §7, each computed there by two independent programs.
const vectors: readonly [string, readonly ScalabilityPoint[], ScalabilityForm, number, number, number, number, number][] = [
  ['specsdm91 raw', specsdm91, 'raw', 0.0277284, 1.043657e-4, 89.9952, 96.519, 1883.9],
  ['specsdm91 log', specsdm91, 'log', 0.0134525, 1.1511e-4, 67.9424, 92.577, 1960.79],
  ['raytracer log', raytracer, 'log', 0.0564054, 3.3585e-6, 21.5915, 530, Number.NaN],
  ['first six of raytracer raw', raytracer.slice(0, 6), 'raw', 0.024444, 1.626809e-3, 20.85605, 24.488, 203.488],
  ['first six of raytracer log', raytracer.slice(0, 6), 'log', 0.0167165, 1.890998e-3, 20.28137, 22.803, 200.673],
]

describe('the law fitted to published loads', () => {
  test.each(vectors)('%s', (_, points, form, contention, coherency, single, load, throughput) => {
    const fit = fitScalability(points, form)
    near(fit.contention, contention)
    near(fit.coherency, coherency)
    near(fit.single, single)
    near(peakLoad(fit), load, 1e-3)
    if (!Number.isNaN(throughput)) near(peakThroughput(fit), throughput)
  })

  test.each<ScalabilityForm>(['raw', 'log'])('points of the law itself give it back, %s', (form) => {
    const fit = fitScalability(exact, form)
    near(fit.contention, 0.02, 2e-3)
    near(fit.coherency, 0.02, 2e-3)
    near(fit.single, 1, 1e-3)
    near(peakLoad(fit), 7, 1e-3)
    near(peakThroughput(fit), 3.5714)
  })

  test('standard errors of specsdm91 raw, and its residual spread on four degrees of freedom', () => {
    const { standardErrors, sumOfSquares } = fitScalability(specsdm91, 'raw')
    near(standardErrors[0] as number, 0.009122, 1e-3)
    near(standardErrors[1] as number, 1.98766e-5, 1e-3)
    near(standardErrors[2] as number, 14.21, 1e-3)
    near(Math.sqrt(sumOfSquares / 4), 82.846)
  })

  test('standard errors of specsdm91 log', () => {
    const { standardErrors } = fitScalability(specsdm91)
    near(standardErrors[0] as number, 0.00404, 2e-3)
    near(standardErrors[1] as number, 2.162e-5, 1e-3)
    near(standardErrors[2] as number, 4.54, 2e-3)
  })

  test('a parameter that would leave its bounds is held there and the others are fitted again', () => {
    const fit = fitScalability(raytracer, 'raw')
    expect(fit.coherency).toBe(0)
    near(fit.contention, 0.0577708)
    near(fit.single, 21.8488)
    expect(peakLoad(fit)).toBe(Infinity)
    near(peakThroughput(fit), 378.2)
  })

  test('perfect growth has neither contention nor coherency', () => {
    const fit = fitScalability([1, 2, 4, 8, 16, 32].map((load) => ({ load, throughput: 130 * load })))
    expect(fit.contention).toBeLessThan(1e-9)
    expect(fit.coherency).toBeLessThan(1e-9)
    near(fit.single, 130)
  })

  test('ten times the throughput changes nothing but the throughput of one', () => {
    const tenfold = fitScalability(specsdm91.map(({ load, throughput }) => ({ load, throughput: 10 * throughput })))
    const fit = fitScalability(specsdm91)
    near(tenfold.contention, fit.contention, 1e-6)
    near(tenfold.coherency, fit.coherency, 1e-6)
    near(tenfold.single, 10 * fit.single, 1e-6)
  })
})

describe('what the law says', () => {
  test('limits of specsdm91 raw', () => {
    const fit = fitScalability(specsdm91, 'raw')
    near(amdahlLimit(fit), 3245.59)
    near(contentionLoad(fit), 36.064)
  })

  test('without contention there is no limit but the peak', () => {
    const law = { contention: 0, coherency: 0, single: 5 }
    expect([amdahlLimit(law), contentionLoad(law), peakThroughput(law), throughputAt(law, 8)]).toEqual([Infinity, Infinity, Infinity, 40])
  })

  test('under open load, the smaller of the two loads with that throughput', () => {
    const small = underOpenLoad({ contention: 0.02, coherency: 0.02, single: 1 }, 2)
    near(small?.load ?? 0, 2.143842, 1e-6)
    near(small?.seconds ?? 0, 1.071921, 1e-6)
    const fit = fitScalability(specsdm91, 'raw')
    near(underOpenLoad(fit, 1000)?.load ?? 0, 16.0178)
    near(underOpenLoad(fit, 1000)?.seconds ?? 0, 0.016018)
    near(underOpenLoad(fit, 1800)?.load ?? 0, 60.5712)
    near(underOpenLoad(fit, 1800)?.seconds ?? 0, 0.033651)
  })

  test('no load serves more than the peak', () => {
    expect(underOpenLoad({ contention: 0.02, coherency: 0.02, single: 1 }, 3.6)).toBeUndefined()
    expect(underOpenLoad({ contention: 0.1, coherency: 0, single: 1 }, 10.1)).toBeUndefined()
  })
})

describe('how sure the peak is', () => {
  test('specsdm91, 5 to 95 % of the redrawn peaks: 81 to 112', () => {
    const loads = redrawnLaws(specsdm91, fitScalability(specsdm91), 1).map(peakLoad)
    const [low, high] = [quantileOfFew(loads, 0.05), quantileOfFew(loads, 0.95)]
    expect(low).toBeGreaterThan(78)
    expect(low).toBeLessThan(84)
    expect(high).toBeGreaterThan(107)
    expect(high).toBeLessThan(117)
  })

  test('the same seed draws the same', () => {
    const fit = fitScalability(specsdm91)
    expect(scalabilityIntervals(specsdm91, fit, 7)).toEqual(scalabilityIntervals(specsdm91, fit, 7))
  })

  // Of the first fit that was written here: one that is faster has to find the same.
  test('seed 1 of specsdm91, to nine digits', () => {
    const { peakLoad: loads, peakThroughput: throughputs } = scalabilityIntervals(specsdm91, fitScalability(specsdm91), 1)
    near(loads.low, 75.49296760744704, 1e-9)
    near(loads.high, 128.5371745913474, 1e-9)
    near(throughputs.low, 1771.5869069355213, 1e-9)
    near(throughputs.high, 2201.686646877447, 1e-9)
  })

  test('loads that never saw a peak leave it without an upper end', () => {
    expect(scalabilityIntervals(raytracer, fitScalability(raytracer), 1).peakLoad.high).toBe(Infinity)
  })
})
