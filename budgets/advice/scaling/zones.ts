/** Instances over several availability zones, of which one may be lost: what is left is as many as were played. */
import { count, countOf } from '../../figure.ts'
import { hoursOfMonth } from '../sizing/cost.ts'
import type { Candidate } from './candidates.ts'

/**
 * So many that one zone may be lost: ⌈N·z ÷ (z − 1)⌉.
 * @param zones z ≥ 2 @example overZones(7, 3) // 11
 */
export const overZones = (instances: number, zones: number): number => Math.ceil((instances * zones) / (zones - 1) - 1e-9)

/** The same settings with those of one more zone, which are paid for at any time. Its simulation is that of the zones that are left. */
export const spread = (candidate: Candidate, zones: number): Candidate => {
  const { minimum, maximum, steady, monthlyHours, monthlyCost } = candidate
  const [least, usual] = [overZones(minimum, zones), overZones(steady, zones)]
  const hours = monthlyHours + (usual - steady) * hoursOfMonth
  return {
    ...candidate,
    minimum: least,
    maximum: Math.max(maximum, least),
    steady: usual,
    monthlyHours: hours,
    ...(monthlyCost && { monthlyCost: { ...monthlyCost, amount: (monthlyCost.amount * hours) / monthlyHours } }),
  }
}

/** @example zonesSentence(7, 3) // 'So that one of 3 zones may be lost, 11 instances at least in place of 7.' */
export const zonesSentence = (minimum: number, zones: number): string =>
  `So that one of ${countOf(zones, 'zone')} may be lost without missing it, ${countOf(overZones(minimum, zones), 'instance')} at least in place of ${count(minimum)}.`
