/** Rules on what the generator may run out of, each against its limit. */
import { clock } from '../clock.ts'
import { quantile } from '../stats/quantile.ts'
import { type Facts, type Finding, figure, milliseconds, percent, type Readings, type Rules, readingsOf, serviceTimeAt, shareAbove } from './facts.ts'

/** Shares of all cores: above the first a generator has no reserve, above the second it is the bottleneck. */
const cpuShares = { suspect: 0.8, invalid: 0.95 } as const
const often = { suspect: 0.1, invalid: 0.5 } as const // of the seconds
const fewest = 3 // readings that a share of the time is made of

/** A sweep asks each level how busy the generator was in it, and leaves out those in which it was too busy. The embedded engine's scheduler spins from 2,000 arrivals a second on, so busy cores alone say nothing about it; being late with it does. */
const isJustSpinning = ({ engine, lag }: Facts): boolean => engine.name === 'autocannon' || (engine.name === 'embedded' && (quantile(lag, 0.99) ?? 0) <= 10)

const cpu = (facts: Facts): Finding | undefined => {
  const used = readingsOf(facts, 'generator.cpu')
  if (!used?.limit || used.values.length < fewest || isJustSpinning(facts)) return undefined
  const { limit } = used
  const [high, full] = [shareAbove(used, cpuShares.suspect * limit), shareAbove(used, cpuShares.invalid * limit)]
  if (high < often.suspect) return undefined
  return {
    state: full > often.invalid ? 'INVALID' : 'SUSPECT',
    code: 'generator-cpu',
    text: `The generator used more than ${percent(cpuShares.suspect)} of its ${figure(limit)} cores in ${percent(high)} of the seconds (${figure(Math.max(...used.values))} cores at most): slow answers may be ours. Sound is less than ${percent(often.suspect)} of them. Lower the rate, or take a machine with more cores.`,
  }
}

type Scarce = { readonly name: string; readonly code: string; readonly what: string; readonly end: 'INVALID' | 'SUSPECT'; readonly advice: string }

/** Near the limit, some things go slowly; at it, they fail, and the failures look like the target's. */
const near = 0.9
const full = 0.99
const scarce: readonly Scarce[] = [
  {
    name: 'generator.files',
    code: 'generator-files',
    what: 'open files and sockets',
    end: 'INVALID',
    advice: 'Without a socket a request fails through the generator. Raise the limit (ulimit -n), or lower the rate.',
  },
  {
    name: 'generator.ports',
    code: 'generator-ports',
    what: 'ports for connections to the target',
    end: 'INVALID',
    advice: 'Without a port no connection is made. Let the target keep connections alive, widen net.ipv4.ip_local_port_range, or lower the rate.',
  },
  {
    name: 'generator.memory',
    code: 'generator-memory',
    what: 'bytes of memory',
    end: 'SUSPECT',
    advice: 'A system short of memory slows everything down and ends programs. Allow fewer --users, or take a larger machine.',
  },
  {
    name: 'generator.heap',
    code: 'generator-heap',
    what: "bytes of JavaScript's memory",
    end: 'SUSPECT',
    advice: 'Near its end the collector hardly stops. Keep less in the journeys, or add --workers.',
  },
]

const fullest = ({ at, values }: Readings): { readonly at: number; readonly value: number } =>
  values.reduce((most, value, index) => (value > most.value ? { at: at[index] ?? 0, value } : most), { at: 0, value: 0 })

const runsOut = (facts: Facts, { name, code, what, end, advice }: Scarce): Finding | undefined => {
  const used = readingsOf(facts, name)
  if (!used?.limit) return undefined
  const { at, value } = fullest(used)
  const share = value / used.limit
  if (share < near) return undefined
  return {
    state: share >= full ? end : 'SUSPECT',
    code,
    text: `The generator used ${value} of ${used.limit} ${what} (${percent(share)}) at ${clock(at)}, where less than ${percent(near)} is sound. ${advice}`,
  }
}

const longPause = 10 // milliseconds
const toldPauses = 0.01 // of the time; the p99 begins to be made of them there

const garbage = (facts: Facts): Finding | undefined => {
  const pauses = readingsOf(facts, 'generator.gc_pause')
  if (pauses === undefined) return undefined
  const worth = Math.max(longPause, (serviceTimeAt(facts, 0.5) ?? 0) / 10)
  const long = pauses.values.filter((pause) => pause > worth)
  const share = long.reduce((sum, pause) => sum + pause, 0) / (1000 * pauses.values.length)
  if (share <= toldPauses) return undefined
  return {
    state: 'SUSPECT',
    code: 'generator-gc',
    text: `Collecting garbage stopped the generator for up to ${milliseconds(Math.max(...long))} at once, ${percent(share)} of the time in pauses of more than ${milliseconds(worth)}; sound is at most ${percent(toldPauses)}, because the p99 is made of more. Keep less in the journeys, or add --workers.`,
  }
}

const stolen = { share: 0.05, often: 0.1 } as const

const steal = (facts: Facts): Finding | undefined => {
  const readings = readingsOf(facts, 'generator.steal')
  if (readings === undefined || readings.values.length < fewest) return undefined
  const share = shareAbove(readings, stolen.share)
  if (share < stolen.often) return undefined
  return {
    state: 'SUSPECT',
    code: 'cpu-steal',
    text: `In ${percent(share)} of the seconds the machine under this one gave more than ${percent(stolen.share)} of its CPU time to others (${percent(Math.max(...readings.values))} at most); sound is less than ${percent(stolen.often)} of them. Times are longer by that. Use a machine with cores of its own, or run again at a quieter hour.`,
  }
}

/** What an engine noticed of itself, and says in a caveat of its own. */
const told: Readonly<Record<string, Finding['state']>> = {
  'generator-short': 'INVALID', // failures of the generator's stand among those of the target
  'k6-figures-lost': 'SUSPECT',
  'k6-arrivals-vanished': 'SUSPECT',
}

const toldByEngine = ({ caveats }: Facts): Finding[] =>
  caveats.flatMap(({ code, text }) => {
    const state = Object.hasOwn(told, code) ? told[code] : undefined
    return state === undefined ? [] : [{ state, code, text }]
  })

export const resources: Rules = (facts) => [cpu(facts), ...scarce.map((each) => runsOut(facts, each)), garbage(facts), steal(facts), ...toldByEngine(facts)]
