/**
 * What Grafana says of its own JSON, in the types that it publishes (Apache-2.0, generated from its schemas). They have enumerations where a
 * file has their words, leave open what a panel of a kind is asked and told, and have the alerts as the API takes them: a file has other words
 * around the rules.
 */
import type { Query, Rule } from '@grafana/grafana-foundation-sdk/alerting'
import type { Dashboard, FieldConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { TypeThreshold } from '@grafana/grafana-foundation-sdk/expr'
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus'
import type { Options as TextOptions } from '@grafana/grafana-foundation-sdk/text'
import type { FieldConfig as LineConfig, Options as TimeseriesOptions } from '@grafana/grafana-foundation-sdk/timeseries'

/** As JSON has it: the words of an enumeration. */
type Plain<T> = T extends string ? `${T}` : T extends object ? { [Name in keyof T]: Plain<T[Name]> } : T
type Replaced<T, By> = Omit<T, keyof By> & By

/** A method that marks their class and is in no JSON. */
type Unmarked<T> = Omit<T, '_implementsDataqueryVariant'>
type PrometheusQuery = Unmarked<Dataquery>
type LinePanel = Replaced<
  Panel,
  {
    type: 'timeseries'
    targets: PrometheusQuery[]
    options: TimeseriesOptions
    fieldConfig: { defaults: Replaced<FieldConfig, { custom: LineConfig }>; overrides: [] }
  }
>
type TextPanel = Replaced<Panel, { type: 'text'; options: TextOptions; targets?: never; fieldConfig?: never }>

export type GrafanaDashboard = Plain<Replaced<Dashboard, { panels: (LinePanel | TextPanel)[] }>>

type AskedQuery = Replaced<Query, { refId: 'A'; datasourceUid: string; model: PrometheusQuery }>
type Threshold = Replaced<Query, { refId: 'C'; datasourceUid: '__expr__'; model: Unmarked<TypeThreshold> }>

/** A file tells the folder and the organisation of the group, where the API has those of each rule. */
type FileRule = Replaced<Omit<Rule, 'folderUID' | 'orgID' | 'ruleGroup'>, { data: (AskedQuery | Threshold)[] }>

export type GrafanaAlerts = Plain<{
  apiVersion: 1
  groups: { orgId: number; name: string; folder: string; interval: string; rules: FileRule[] }[]
}>
