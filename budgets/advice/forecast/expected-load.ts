/** What a forecast means for advice: the ordinary rate, and the height that its highest hour may come to. */
import { type Declined, declined, median } from '../../../runner/stats/few.ts'
import { figure } from '../../figure.ts'
import type { Expectation } from '../launch/expectation.ts'
import { type Forecast, forecastOf, type Hours } from './forecast.ts'

export type ExpectedLoad = {
  readonly declined: false
  readonly forecast: Forecast
  /** Arrivals per second in the hour in the middle. */
  readonly ordinary: number
  readonly expectation: Expectation
}

const hour = 3600

/**
 * @param busiestMinute of an hour over its mean; undefined: only hours are known @param requestsPerJourney turns requests into arrivals
 * @example expectedLoad(hours, 1.3, 1).expectation.peak // 66.4
 */
export const expectedLoad = (hours: Hours, busiestMinute: number | undefined, requestsPerJourney: number): ExpectedLoad | Declined => {
  const forecast = forecastOf(hours)
  if (forecast.declined) return forecast
  const { highest, factor } = forecast
  const perSecond = (requests: number): number => requests / hour / requestsPerJourney
  const peak = perSecond(highest) * (typeof factor === 'number' ? Math.max(1, factor) : 1) * (busiestMinute ?? 1)
  const ordinary = perSecond(median(forecast.hours))
  if (ordinary === 0) return declined('No forecast to advise on, because half of the hours to come have no request. Give --rate and --expect.')
  const within =
    busiestMinute === undefined
      ? 'Hours tell nothing of their minutes, which may be higher; an access log does.'
      : `Its busiest minute is ${figure(busiestMinute, '')} times its mean.`
  return {
    declined: false,
    forecast,
    ordinary,
    expectation: { declined: false, peak, over: hour, rise: hour, because: `${forecast.because} ${within} That is ${figure(peak, '/s')} at the height.` },
  }
}
