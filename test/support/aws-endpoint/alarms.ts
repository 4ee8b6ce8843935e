/** CloudWatch's alarms, as they are described: by name, in pages, and by the one metric that they watch. */
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'
import { pageOf } from './page.ts'
import type { Members } from './protocols.ts'

const mostNames = 100
const types = ['MetricAlarm', 'CompositeAlarm']
const bounds = { most: 100, usual: 50, refusal: 'InvalidNextToken' }

const refuse = (words: string): never => {
  throw new AwsFault('ValidationException', words)
}

const sorted = (dimensions: readonly Members[] = []): string =>
  dimensions
    .map(({ Name, Value }) => `${Name}=${Value}`)
    .sort()
    .join()

export const alarmActions: Readonly<Record<string, Action>> = {
  'cloudwatch:DescribeAlarms': ({ AlarmNames, AlarmNamePrefix, AlarmTypes = ['MetricAlarm'], MaxRecords, NextToken }, world) => {
    if (AlarmNames?.length > mostNames) refuse(`1 validation error detected: Value at 'alarmNames' failed to satisfy constraint: length at most ${mostNames}`)
    if (AlarmNames !== undefined && AlarmNamePrefix !== undefined) refuse('AlarmNames and AlarmNamePrefix cannot be specified together')
    for (const type of AlarmTypes) if (!types.includes(type)) refuse(`Unknown alarm type ${type}`)
    const isAsked = ({ AlarmName = '' }: { readonly AlarmName?: string | undefined }): boolean =>
      (AlarmNames === undefined || AlarmNames.includes(AlarmName)) && AlarmName.startsWith(AlarmNamePrefix ?? '')
    const all = [
      ...(AlarmTypes.includes('MetricAlarm') ? world.alarms.filter(isAsked).map((alarm) => ({ alarm, isComposite: false })) : []),
      ...(AlarmTypes.includes('CompositeAlarm') ? world.compositeAlarms.filter(isAsked).map((alarm) => ({ alarm, isComposite: true })) : []),
    ]
    const { items, next } = pageOf(all, world, bounds, MaxRecords, NextToken)
    const told = (wanted: boolean) => items.filter(({ isComposite }) => isComposite === wanted).map(({ alarm }) => alarm)
    return { MetricAlarms: told(false), CompositeAlarms: told(true), NextToken: next }
  },

  'cloudwatch:DescribeAlarmsForMetric': ({ Namespace, MetricName, Dimensions, Statistic, Period }, world) => {
    if (Namespace === undefined || MetricName === undefined) refuse('Namespace and MetricName must not be null')
    // All dimensions, and no others; alarms on expressions are never told.
    const MetricAlarms = world.alarms.filter(
      (alarm) =>
        alarm.Namespace === Namespace &&
        alarm.MetricName === MetricName &&
        sorted(alarm.Dimensions) === sorted(Dimensions) &&
        (Statistic === undefined || alarm.Statistic === Statistic) &&
        (Period === undefined || alarm.Period === Period),
    )
    return { MetricAlarms }
  },
}
