/** The target wants CPU and somebody else has it: another machine on the same hardware (steal), or another program on the same machine. */
import type { Breach } from '../attribution/breach.ts'
import { around } from '../attribution/ranking.ts'
import { type Reading, type Resource, readingsOf } from '../attribution/resources.ts'
import { loadAt, symptomsOf } from '../attribution/symptoms.ts'
import { reading } from '../attribution/words.ts'
import { figure, percent } from '../figure.ts'
import { again, type Case, type Diagnosis, type Illness } from './illness.ts'

const noticed = { steal: 0.1, waiting: 0.2, others: 0.3 } as const // share of all cores · cores · cores
const starved = 0.7 // share of its former use that the target still gets
const unexplained = 1.5 // times as much as the load explains

/** Programs that a target on the same machine asks: what they use is the target's own need. */
const servers = /^(postgres|postmaster|mysqld|mariadbd|redis-server|valkey-server|nginx|php-fpm[\d.]*|beam\.smp|mongod|memcached)$/

const find = ({ resources }: Case, service: string, what: string): Resource | undefined =>
  resources.find((each) => each.service === service && each.what === what)

/** As the probe read it: as a resource it is without what perf itself used. */
const coresOf = ({ run }: Case, host: string): { readonly readings: readonly Reading[]; readonly limit: number } | undefined => {
  const series = run.probes.find(({ name }) => name === `${host}.cpu`)
  if (series === undefined || series.limit === null) return undefined
  return { readings: readingsOf(series), limit: series.limit }
}

const hostOf = ({ resources }: Case): string | undefined => resources.find(({ what }) => what === 'steal')?.service

const stolen = (seen: Case, breach: Breach): Illness | undefined => {
  const host = hostOf(seen)
  const [steal, cpu] = host === undefined ? [] : [find(seen, host, 'steal'), coresOf(seen, host)]
  if (steal === undefined || cpu === undefined) return undefined
  const { baseline, atBreach } = around(steal, breach.at)
  if (atBreach === null || atBreach < noticed.steal * cpu.limit || (baseline !== null && atBreach < 2 * baseline)) return undefined
  return {
    illness: 'noisy-neighbour',
    name: 'Noisy neighbour: CPU stolen by the hypervisor',
    evidence: [
      `${steal.name} was ${reading(atBreach, 'cores')} of ${reading(cpu.limit, 'cores')} (${percent(atBreach / cpu.limit, 2)}) when it broke${baseline === null ? '' : `, where ${reading(baseline, 'cores')} was normal`}: time in which this machine wanted its CPU and another one had it.`,
      'At a burstable machine (t3, t4g, B-series) it can also be its own credits that are used up.',
    ],
    remedy: [
      'Move to a machine whose CPU is not shared: a fixed-performance type (m, c, r instead of t), or a dedicated host.',
      'Stop and start the machine: it usually comes up on other hardware. Burstable: aws ec2 modify-instance-credit-specification --instance-credit-specification "InstanceId=i-…,CpuCredits=unlimited"',
    ],
    confirm: again(seen, `${steal.name} stays below ${percent(noticed.steal)} of the cores`),
  }
}

/** What programs used that no probe watches: all of the machine's use but the load's maker and what is watched. */
const othersOf = ({ run }: Case, host: string, readings: readonly Reading[]): Reading[] => {
  const own = run.probes.filter(({ name, unit }) => name.endsWith('.cpu') && unit === 'cores' && name !== `${host}.cpu`)
  const at = own.map((series) => new Map(series.at.map((moment, index) => [moment, series.values[index]])))
  return readings.flatMap(({ at: moment, value }) => {
    const used = at.map((series) => series.get(moment))
    return used.some((each) => each === null) ? [] : [{ at: moment, value: Math.max(0, value - used.reduce<number>((sum, each) => sum + (each ?? 0), 0)) }]
  })
}

const programs = ({ run }: Case): { readonly name: string; readonly cores: number }[] =>
  (run.observations ?? [])
    .filter(({ kind }) => kind === 'program')
    .map(({ subject, values }) => ({ name: subject, cores: Number(values.most) }))
    .toSorted((a, b) => b.cores - a.cores)

const besideIt = (seen: Case, breach: Breach): Illness | undefined => {
  const host = hostOf(seen)
  const cpu = host === undefined ? undefined : coresOf(seen, host)
  const [target] = seen.resources.filter(({ what, service }) => what === 'waiting_for_cpu' && service !== host)
  if (host === undefined || cpu === undefined || target === undefined) return undefined
  const [waiting, own, others] = [target, find(seen, target.service, 'cpu'), { readings: othersOf(seen, host, cpu.readings) }].map((each) =>
    each === undefined ? { baseline: null, atBreach: null } : around(each, breach.at),
  )
  const [before, now] = [others?.baseline ?? null, others?.atBreach ?? null]
  const [ownBefore, ownNow] = [own?.baseline ?? null, own?.atBreach ?? null]
  if (before === null || now === null || ownBefore === null || ownNow === null || waiting?.atBreach == null) return undefined
  if (waiting.atBreach - (waiting.baseline ?? 0) < noticed.waiting) return undefined
  const symptoms = symptomsOf(seen.run)
  const grown = loadAt(symptoms, breach.at + 2) / Math.max(0.001, loadAt(symptoms, Math.max(0, breach.at - 5)))
  // Where all cores were busy before, others can take no more of them, and the target gets less. That needs no more load of theirs.
  const getsLess = ownNow < starved * ownBefore && grown > 0.9 && now >= cpu.limit / 2
  // A program that works for the target works more where there is more load; so does the target.
  const othersRose = now >= before * Math.max(1, grown) * unexplained && now - before >= noticed.others && now - before >= ownNow - ownBefore
  if (!getsLess && !othersRose) return undefined
  const [most] = programs(seen)
  if (most !== undefined && servers.test(most.name)) return undefined
  return {
    illness: 'noisy-neighbour',
    name: 'Noisy neighbour: another program takes the CPU',
    evidence: [
      `"${target.service}" had threads that were ready to run and had no core for ${figure(waiting.atBreach, '', 2)} s of each second (${figure(waiting.baseline ?? 0, '', 2)} s before), and got ${reading(ownNow, 'cores')} (${reading(ownBefore, 'cores')} before).`,
      `Programs that no probe watches used ${reading(now, 'cores')} of ${reading(cpu.limit, 'cores')} then, where ${reading(before, 'cores')} was normal. The target's use and the load generator's are not in that.`,
      most === undefined
        ? 'Which program it was is unknown; top -o %CPU tells while it lasts.'
        : `The one that used most at any time was "${most.name}", with up to ${reading(most.cores, 'cores')}. If it works for the target, watch it: { kind: 'process', name: '${most.name}', pid: … }.`,
    ],
    remedy: [
      'Find it with top -o %CPU, and move it, schedule it for the night, or stop it.',
      'If both must stay, give the target its share: systemctl set-property app.service CPUWeight=1000; or a core of its own: taskset --cpu-list --pid 1 PID.',
    ],
    confirm: again(seen, `${target.name} stays below ${reading(noticed.waiting, 'cores')}`),
  }
}

export const noisyNeighbour: Diagnosis = (seen) => {
  const breach = 'breach' in seen.attribution ? seen.attribution.breach : undefined
  return breach && (stolen(seen, breach) ?? besideIt(seen, breach))
}
