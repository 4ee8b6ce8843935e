import { expect, test } from 'vitest'
import { tryProbe } from '../../../runner/doctor/trial.ts'
import type { Parting, Probe, Sample } from '../../../runner/probes/probe.ts'

const sample = (what: string, value: number | null): Sample => ({ name: `x.${what}`, unit: 'count', value, limit: null })

/** Notes what is done with it. */
class NotingProbe implements Probe {
  readonly name = 'x'
  readonly every = 1
  readonly done: string[] = []

  constructor(
    private readonly readings: Sample[][],
    private readonly refusal?: string,
  ) {}

  async start(): Promise<void> {
    this.done.push('start')
    if (this.refusal !== undefined) throw new Error(this.refusal)
  }

  async read(): Promise<readonly Sample[]> {
    this.done.push('read')
    return this.readings.shift() ?? []
  }

  async stop(): Promise<Parting> {
    this.done.push('stop')
    return { caveats: [{ code: 'x', text: 'Its role is too weak.' }] }
  }
}

test('a probe is started, read twice and stopped, and rates come from the second reading', async () => {
  const probe = new NotingProbe([[sample('rate', null), sample('once', 5)], [sample('rate', 7)]])
  expect(await tryProbe(probe, 0)).toEqual({ samples: [sample('rate', 7), sample('once', 5)], caveats: ['Its role is too weak.'] })
  expect(probe.done).toEqual(['start', 'read', 'read', 'stop'])
})

test('one that does not start says why, is stopped nevertheless, and leaves no other words', async () => {
  const probe = new NotingProbe([], 'password refused')
  expect(await tryProbe(probe, 0)).toEqual({ samples: [], caveats: [], because: 'password refused' })
  expect(probe.done).toEqual(['start', 'stop'])
})
