/** Loads for the HorizontalPodAutoscaler: one value for each 15 s, cores that are wanted of one for each pod, or requests a second. */
const minutes = (count) => count * 4
const flat = (count, value) => Array(count).fill(value)
const ramp = (count, from, to) => Array.from({ length: count }, (_, at) => from + ((to - from) * (at + 1)) / count)
const wave = (count, mean, share, pace) => Array.from({ length: count }, (_, at) => mean * (1 + share * Math.sin(at / pace)))

let seed = 20261122
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}
const walk = (count, start, least, most, step) => {
  let value = start
  return Array.from({ length: count }, () => {
    value = Math.min(most, Math.max(least, value + (random() * 2 - 1) * step))
    return value
  })
}

const use = { metric: 'use', target: 0.5, minimum: 2, maximum: 30, startUp: 40 }
const requests = { metric: 'requests', target: 40, minimum: 2, maximum: 30, startUp: 40 }
const startUps = [30, 60, 90]

const limit = (type, value, periodSeconds) => ({ type, value, periodSeconds })
const out = { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [limit('Pods', 4, 15), limit('Percent', 100, 15)] }
const inward = { stabilizationWindowSeconds: 300, selectPolicy: 'Max', policies: [limit('Percent', 100, 15)] }
/** As an API server fills it in. */
const behavior = (scaleUp = {}, scaleDown = {}) => ({ behavior: { scaleUp: { ...out, ...scaleUp }, scaleDown: { ...inward, ...scaleDown } } })
const wide = () => [walk(minutes(30), 300, 40, 1100, 250)]

export const loads = [
  { name: 'a step to five times the use', ...use, loads: [flat(minutes(2), 0.8), flat(minutes(13), 4)] },
  {
    name: 'a ramp up and down',
    ...use,
    loads: [flat(minutes(2), 1), ramp(minutes(10), 1, 8), flat(minutes(5), 8), ramp(minutes(5), 8, 1), flat(minutes(10), 1)],
  },
  { name: 'within the tolerance', ...use, minimum: 4, loads: [wave(minutes(15), 2, 0.09, 1)] },
  { name: 'just beyond the tolerance', ...use, minimum: 4, loads: [wave(minutes(15), 2, 0.13, 3)] },
  { name: 'a minute of it, and five more until it goes in', ...use, loads: [flat(minutes(2), 0.9), flat(minutes(1), 5), flat(minutes(12), 0.9)] },
  {
    name: 'a start longer than the window',
    ...use,
    startUp: 400,
    loads: [flat(minutes(2), 0.9), flat(minutes(1), 5), flat(minutes(20), 0.9), flat(minutes(10), 3)],
  },
  { name: 'a start at once', ...use, startUp: 0, loads: [flat(minutes(2), 0.8), flat(minutes(6), 6), flat(minutes(10), 2)] },
  { name: 'more than the maximum', ...use, maximum: 9, loads: [flat(minutes(2), 0.8), flat(minutes(8), 20), flat(minutes(10), 1)] },
  { name: 'one pod', ...use, minimum: 1, target: 0.7, loads: [flat(minutes(2), 0.3), ramp(minutes(6), 0.3, 3), flat(minutes(10), 0.2)] },
  { name: 'requests: a step to ten times', ...requests, loads: [flat(minutes(2), 70), flat(minutes(10), 700), flat(minutes(10), 70)] },
  {
    name: 'requests: a ramp with a slow start',
    ...requests,
    startUp: 100,
    loads: [flat(minutes(2), 70), ramp(minutes(8), 70, 900), flat(minutes(6), 900), ramp(minutes(4), 900, 100), flat(minutes(8), 100)],
  },
  ...startUps.map((startUp, at) => ({ name: `use: a walk, ${at + 1}`, ...use, startUp, loads: [walk(minutes(30), 3, 0.5, 10, 1.5)] })),
  ...startUps.map((startUp, at) => ({ name: `requests: a walk, ${at + 1}`, ...requests, startUp, loads: [walk(minutes(30), 200, 40, 900, 120)] })),
  { name: 'behavior: a pod a minute', ...requests, ...behavior({ policies: [limit('Pods', 1, 60)] }), loads: wide() },
  {
    name: 'behavior: the lesser of two pods a minute and half of them in 30 s',
    ...requests,
    ...behavior({ selectPolicy: 'Min', policies: [limit('Pods', 2, 60), limit('Percent', 50, 30)] }),
    loads: wide(),
  },
  {
    name: 'behavior: a window each way',
    ...requests,
    ...behavior({ stabilizationWindowSeconds: 60 }, { stabilizationWindowSeconds: 120 }),
    loads: wide(),
  },
  {
    name: 'behavior: in at once, by a tenth or one a minute',
    ...requests,
    ...behavior({}, { stabilizationWindowSeconds: 0, policies: [limit('Percent', 10, 60), limit('Pods', 1, 60)] }),
    loads: wide(),
  },
  {
    name: 'behavior: the lesser on both ways',
    ...requests,
    ...behavior(
      { selectPolicy: 'Min', stabilizationWindowSeconds: 30 },
      { stabilizationWindowSeconds: 45, selectPolicy: 'Min', policies: [limit('Percent', 30, 45), limit('Pods', 3, 30)] },
    ),
    loads: wide(),
  },
  { name: 'behavior: never in', ...requests, ...behavior({}, { selectPolicy: 'Disabled' }), loads: wide() },
  { name: 'behavior: never out', ...requests, ...behavior({ selectPolicy: 'Disabled' }), loads: wide() },
  {
    name: 'behavior: a tolerance each way',
    ...requests,
    ...behavior({ tolerance: '20m' }, { tolerance: '300m', stabilizationWindowSeconds: 15 }),
    loads: wide(),
  },
  {
    name: 'behavior: of use, a window and a pod in 30 s',
    ...use,
    ...behavior({ stabilizationWindowSeconds: 30, policies: [limit('Pods', 1, 30)] }, { stabilizationWindowSeconds: 60, policies: [limit('Pods', 1, 30)] }),
    loads: [walk(minutes(30), 3, 0.5, 10, 2.5)],
  },
  { name: 'bare: requests', ...requests, minimum: 1, bare: true, loads: wide() },
  { name: 'bare: a step from one pod', ...requests, minimum: 1, bare: true, loads: [flat(minutes(2), 30), flat(minutes(6), 700), flat(minutes(8), 30)] },
  { name: 'bare: use', ...use, bare: true, loads: [walk(minutes(30), 3, 0.5, 10, 2.5)] },
].map((each) => ({ ...each, loads: each.loads.flat().map((value) => Math.round(value * 1000) / 1000) }))
