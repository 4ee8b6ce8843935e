import { describe, expect, test } from 'vitest'
import type { Series } from '../../../runner/run.ts'
import { breaks, illnessesOf, names, seconds, slow, step, withObservations } from '../../support/a-case.ts'
import { holds } from '../../support/a-run.ts'

const evenly = { shape: holds([20, seconds]) }
const program = (subject: string, most: number) => ({ probe: 'host', kind: 'program', subject, values: { most } })
/** Cores: of the machine, the target and its waiting, before and after. */
const machine = (host: [number, number], own: [number, number], waiting: [number, number]): Series[] => [
  step('host.cpu', 'cores', ...host, 2),
  step('host.busiest_core', 'ratio', 0.5, 1, 1),
  step('host.steal', 'cores', 0, 0),
  step('generator.cpu', 'cores', 0.1, 0.12, 2),
  step('target.cpu', 'cores', ...own, 2),
  step('target.waiting_for_cpu', 'cores', ...waiting),
]

describe('another program on the machine', () => {
  const taken = machine([0.5, 1.95], [0.3, 0.25], [0.01, 0.9])

  test('that takes the CPU of a target that waits for it is named', () => {
    const run = withObservations(slow(taken, evenly), [program('backup', 1.6), program('cron', 0.2)])
    const [illness, ...others] = illnessesOf(run)
    expect(illness).toMatchObject({ illness: 'noisy-neighbour', name: 'Noisy neighbour: another program takes the CPU' })
    expect(illness?.evidence.join(' ')).toMatch(
      /had no core for 0\.9 s of each second.*used 1\.58 cores of 2 cores then, where 0\.\d+ cores was normal.*"backup", with up to 1\.6 cores/,
    )
    expect(others).toEqual([])
  })
  test('is named where all cores were busy before and the target now gets less of them', () => {
    expect(names(slow(machine([1.8, 2], [0.3, 0.1], [0.05, 0.7]), evenly))).toContain('noisy-neighbour')
  })
  test('is none where the target uses less because there is less load', () => {
    const less = { shape: holds([80, breaks], [20, seconds - breaks]) }
    expect(names(slow(machine([1.8, 1.5], [0.3, 0.1], [0.05, 0.7]), less))).not.toContain('noisy-neighbour')
  })
  test('is none where the target itself uses it', () => {
    expect(names(slow(machine([0.5, 2], [0.3, 1.8], [0.01, 0.9]), evenly))).not.toContain('noisy-neighbour')
  })
  test('is none where it works more because there is more load', () => {
    expect(names(slow(machine([0.9, 1.95], [0.3, 0.4], [0.01, 0.9]), { shape: holds([20, breaks], [80, seconds - breaks]) }))).not.toContain('noisy-neighbour')
  })
  test("is none where it is the target's own database", () => {
    expect(names(withObservations(slow(taken, evenly), [program('postgres', 1.6)]))).not.toContain('noisy-neighbour')
  })
  test('is none where the target had all the CPU it wanted', () => {
    expect(names(slow(machine([0.5, 1.8], [0.3, 0.3], [0.01, 0.02]), evenly))).not.toContain('noisy-neighbour')
  })
})

describe('CPU stolen by the hypervisor', () => {
  const stolen = (before: number, after: number): Series[] => [
    step('host.cpu', 'cores', 0.8, 1.2, 2),
    step('host.steal', 'cores', before, after),
    step('host.busiest_core', 'ratio', 0.5, 1, 1),
  ]
  test('is a noisy neighbour', () => {
    const [illness] = illnessesOf(slow(stolen(0.01, 0.7), evenly))
    expect(illness).toMatchObject({ illness: 'noisy-neighbour', name: 'Noisy neighbour: CPU stolen by the hypervisor' })
    expect(illness?.evidence[0]).toContain('0.7 cores of 2 cores (35 %)')
  })
  test('as much as always is none', () => expect(names(slow(stolen(0.3, 0.35), evenly))).not.toContain('noisy-neighbour'))
})
