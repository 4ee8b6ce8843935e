/** Rules on a generator that was late: with its arrivals, or with reading the answers. How much of the figures is its own? */
import { quantile } from '../stats/quantile.ts'
import { type Facts, type Finding, figure, meanOf, milliseconds, percent, type Rules, readingsOf, responseTimeAt } from './facts.ts'

/** Lateness up to here is sound, whatever the target's own times are. */
const soundLag = 10 // milliseconds

/**
 * Share of the response time that may be the generator's own: a tenth is told. A generator that starts late reads late too, and only the
 * start is seen as lag, so a fifth at the p95 means that more than that is no measurement of the target.
 */
const ownShare = { suspect: 0.1, invalid: 0.2 } as const

/** From here on, bursts have replaced the shape; no target is slow enough to hide that. */
const hopelessLag = 500 // milliseconds, at p99

/** Share of the cores from which on a browser beside the load is a reason to be late. */
const disturbing = 0.1

/** What browsers that visited pages took of this machine's cores; undefined when that disturbs nobody. */
const browserOf = ({ probes }: Facts): string | undefined => {
  const browsers = probes.filter(({ name }) => name.endsWith('.browser_cpu')).flatMap((series) => readingsOf({ probes: [series] }, series.name) ?? [])
  const cores = browsers.reduce((sum, { values }) => sum + meanOf(values), 0)
  const limit = browsers[0]?.limit ?? Number.POSITIVE_INFINITY
  return cores < disturbing * limit ? undefined : `the browser that visited pages took ${figure(cores)} of its ${limit} cores`
}

/** A browser that shares the machine is told with whatever else there was: the generator alone might have been in time. */
const causeOf = (facts: Facts): { readonly because: string; readonly advice: string } => {
  const [own, browser] = [ownCauseOf(facts), browserOf(facts)]
  if (browser === undefined) return own
  return {
    because: `${own.because}, while ${browser}`,
    advice: 'Visit pages less often ("every" of that probe), or make the load on a machine with more cores.',
  }
}

/** Why a generator is late, by what it was short of; the first that fits. */
const ownCauseOf = (facts: Facts): { readonly because: string; readonly advice: string } => {
  const { engine } = facts
  const mean = (name: string): number => {
    const readings = readingsOf(facts, name)
    return readings === undefined ? 0 : meanOf(readings.values)
  }
  const [steal, waiting, collecting] = [mean('generator.steal'), mean('generator.waiting'), mean('generator.gc')]
  const used = readingsOf(facts, 'generator.cpu')
  const cpu = used?.limit ? meanOf(used.values) / used.limit : 0
  const fewer = engine.name === 'embedded' ? 'Lower the rate, or add --workers.' : 'Lower the rate, or take a machine with more cores.'
  if (steal > 0.05) return { because: `the machine under it gave ${percent(steal)} of its CPU time to others`, advice: 'Use a machine with cores of its own.' }
  // Threads of k6 wait for each other's cores even on an idle machine, about as long as they run.
  if (waiting > (engine.name === 'embedded' ? 0.1 : Math.max(0.3, mean('generator.engine_cpu'))))
    return {
      because: `threads that were ready to run waited ${figure(waiting)} s of each second for a core`,
      advice: 'End what else runs on this machine, or give the generator cores of its own.',
    }
  if (collecting > 0.1) return { because: `it collected garbage ${percent(collecting)} of the time`, advice: 'Keep less in the journeys, or add --workers.' }
  if (cpu > 0.8) return { because: `it used ${percent(cpu)} of the ${used?.limit} cores it may use`, advice: fewer }
  return { because: 'the generator was too busy', advice: `${fewer.replace(/\.$/, '')}, or give the generator a core of its own.` }
}

const arrivalsLate = (facts: Facts): Finding | undefined => {
  const [usual, late] = [quantile(facts.lag, 0.95), quantile(facts.lag, 0.99)]
  if (usual === undefined || late === undefined || late <= soundLag) return undefined
  // Without an answer there is no time to hold it against, and all of it counts.
  const shareAt = (lag: number, p: number): number => lag / Math.max(lag, responseTimeAt(facts, p) ?? lag)
  const isHopeless = late > hopelessLag || (usual > soundLag && shareAt(usual, 0.95) > ownShare.invalid)
  if (!isHopeless && shareAt(late, 0.99) <= ownShare.suspect) return undefined
  const { because, advice } = causeOf(facts)
  const response = responseTimeAt(facts, 0.99)
  const against = response === undefined ? '' : ` or a tenth of the response time's p99 (${milliseconds(response)})`
  return {
    state: isHopeless ? 'INVALID' : 'SUSPECT',
    code: 'generator-late',
    text: `1 % of arrivals started ${milliseconds(late)} late or more, where ${soundLag} ms${against} is sound: ${because}. Response times include that wait. ${advice}`,
  }
}

const toldDelays = 0.01 // of the time; the p99 begins to be made of them there

/** Answers that lie in the socket while the loop is elsewhere look like a slow target. Of each second the longest delay is known, so it is that share at least. */
const answersReadLate = (facts: Facts): Finding | undefined => {
  const delays = readingsOf(facts, 'generator.loop_delay')
  if (delays === undefined) return undefined
  const sound = Math.max(soundLag, ownShare.suspect * (responseTimeAt(facts, 0.99) ?? 0))
  const long = delays.values.filter((delay) => delay > sound)
  const share = long.reduce((sum, delay) => sum + delay, 0) / (1000 * delays.values.length)
  if (share <= toldDelays) return undefined
  const { because, advice } = causeOf(facts)
  return {
    state: 'SUSPECT',
    code: 'answers-read-late',
    text: `Answers could lie unread for up to ${milliseconds(Math.max(...long))}, ${percent(share)} of the time or more in delays of more than ${milliseconds(sound)}, and that counts as the target's time; sound is at most ${percent(toldDelays)}: ${because}. ${advice}`,
  }
}

export const lateness: Rules = (facts) => [arrivalsLate(facts), answersReadLate(facts)]
