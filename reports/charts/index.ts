/** The charts of a report, in the order in which they are read. */
import type { Report } from '../report.ts'
import { errorsChart, throughputChart } from './answers.ts'
import { arrivalsChart } from './arrivals.ts'
import { capacityCurve } from './capacity-curve.ts'
import type { Chart } from './chart.ts'
import { responseTimesChart } from './response-times.ts'
import { saturationChart } from './saturation.ts'
import { simulationCharts } from './simulation.ts'
import { sweepChart } from './sweep.ts'
import { useByRate } from './use-by-rate.ts'

export const chartsOf = (report: Report): Chart[] =>
  report.points.length === 0
    ? []
    : [
        sweepChart(report),
        capacityCurve(report),
        useByRate(report),
        ...simulationCharts(report),
        report.sweep ? undefined : arrivalsChart(report),
        responseTimesChart(report),
        errorsChart(report),
        throughputChart(report),
        saturationChart(report),
      ].filter((chart) => chart !== undefined)
