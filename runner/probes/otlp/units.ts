/** OpenTelemetry's units (UCUM) and names, in this program's. */

type Converted = { readonly unit: string /** A value is multiplied by it. */; readonly factor: number }

const known: Readonly<Record<string, Converted>> = {
  ms: { unit: 'ms', factor: 1 },
  us: { unit: 'ms', factor: 1e-3 },
  ns: { unit: 'ms', factor: 1e-6 },
  s: { unit: 's', factor: 1 },
  min: { unit: 's', factor: 60 },
  h: { unit: 's', factor: 3600 },
  By: { unit: 'bytes', factor: 1 },
  kBy: { unit: 'bytes', factor: 1e3 },
  MBy: { unit: 'bytes', factor: 1e6 },
  KiBy: { unit: 'bytes', factor: 2 ** 10 },
  MiBy: { unit: 'bytes', factor: 2 ** 20 },
  'By/s': { unit: 'bytes/s', factor: 1 },
  '%': { unit: 'ratio', factor: 0.01 },
}

/** @example unitOf('db.client.connection.count', '{connection}') // { unit: 'count', factor: 1 } */
export const unitOf = (metric: string, unit: string): Converted => {
  const given = known[unit]
  if (given !== undefined) return given
  // "1" is a ratio by its conventions where the name says so, and a number of things elsewhere.
  if (unit === '1' && /(^|\.)(utilization|ratio)$/.test(metric)) return { unit: 'ratio', factor: 1 }
  return { unit: unit === '' || unit === '1' || /^\{.*\}$/.test(unit) ? 'count' : unit, factor: 1 }
}

/** Of something counted, per second: time of processors per second is cores, other time a share of it. */
export const rateUnitOf = (metric: string, { unit, factor }: Converted): Converted => {
  if (unit === 'count') return { unit: '/s', factor }
  if (unit === 's' || unit === 'ms') return { unit: /cpu\.time$/.test(metric) ? 'cores' : 'ratio', factor: unit === 'ms' ? factor / 1000 : factor }
  return { unit: `${unit}/s`, factor }
}

const mostAttributes = 3

/** A value of an attribute in the name of a series. @example wordOf('/cart/:id') // 'cart_id' */
const wordOf = (value: string): string =>
  value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '') || 'none'

/**
 * The metric and its first attributes, in the order of the alphabet. What differs in other attributes alone has one name.
 * @example nameOf('http.server.request.duration', { 'http.route': '/cart' }) // 'http.server.request.duration.cart'
 */
export const nameOf = (metric: string, attributes: Readonly<Record<string, string>>): string =>
  [metric.toLowerCase().replace(/[^a-z0-9_.]+/g, '_'), ...Object.values(attributes).slice(0, mostAttributes).map(wordOf)].join('.')
