/** Ways to pay for instances of which some always run and others only while the height lasts: which is cheapest, and from which use on a commitment pays. */
import { count, countOf, percent, timeWords } from '../../figure.ts'
import type { Architecture, Prices } from '../prices/prices.ts'
import { breakEven, hourlyPrice, hoursOfMonth } from '../sizing/cost.ts'
import type { Size } from '../sizing/fargate-size.ts'

export type Fleet = {
  readonly size: Size
  readonly architecture: Architecture
  /** Instances that always run, and those at the height. */
  readonly calm: number
  readonly height: number
  /** Hours a month that the height lasts. */
  readonly hours: number
}

export type WayToPay = {
  readonly way: 'always there' | 'scheduled' | 'one year' | 'three years' | 'spot'
  readonly monthly: number
  /** Share of "always there" that it saves, 0–1. */
  readonly saves: number
  readonly because: string
}

const committed = (way: 'one year' | 'three years', saved: number, each: number, { calm, height, hours }: Fleet): Omit<WayToPay, 'saves'> => {
  const share = hours / hoursOfMonth
  const pays = breakEven(saved)
  return {
    way,
    monthly: each * (calm * hoursOfMonth * (1 - saved) + (height - calm) * hours),
    because: `A commitment of ${way} saves ${percent(saved)} and pays for an instance that runs more than ${percent(pays)} of the time, ${count(Math.round(pays * hoursOfMonth))} h of ${count(hoursOfMonth)}: for the ${countOf(calm, 'instance')} that always ${calm === 1 ? 'runs' : 'run'}${height > calm ? `, ${share > pays ? 'and' : 'not'} for the other ${count(height - calm)}, which run ${timeWords(hours * 3600)} a month` : ''}.`,
  }
}

/**
 * The cheapest first. Spot is for what comes and goes above the calm: it may be taken away with two minutes of notice.
 * @example waysToPay({ size: { vcpu: 1, gigabytes: 2 }, architecture: 'x86', calm: 2, height: 10, hours: 20 }, prices)[0] // { way: 'three years', … }
 */
export const waysToPay = (fleet: Fleet, prices: Prices): WayToPay[] => {
  const { size, architecture, calm, height, hours } = fleet
  const each = hourlyPrice(prices, size, architecture)
  if (each === undefined) return []
  const spot = hourlyPrice(prices, size, architecture, 'spot')
  const always = each * height * hoursOfMonth
  const ways: Omit<WayToPay, 'saves'>[] = [{ way: 'always there', monthly: always, because: `${countOf(height, 'instance')} day and night.` }]
  if (height > calm)
    ways.push({
      way: 'scheduled',
      monthly: each * (calm * hoursOfMonth + (height - calm) * hours),
      because: `${count(calm)} day and night, and ${count(height - calm)} more for ${timeWords(hours * 3600)} a month.`,
    })
  if (height > calm && spot !== undefined)
    ways.push({
      way: 'spot',
      monthly: each * calm * hoursOfMonth + spot * (height - calm) * hours,
      because: `${count(calm)} on demand, and ${count(height - calm)} more from Spot for ${timeWords(hours * 3600)} a month: they may be taken away with two minutes of notice, and may not be had at all when they are wanted.`,
    })
  if (prices.savings !== undefined)
    ways.push(committed('one year', prices.savings.oneYear, each, fleet), committed('three years', prices.savings.threeYears, each, fleet))
  return ways.map((way) => ({ ...way, saves: 1 - way.monthly / always })).toSorted((a, b) => a.monthly - b.monthly)
}
