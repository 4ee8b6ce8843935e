import { describe, expect, test } from 'vitest'
import { type Attempt, attemptOf, attemptWithoutRun, machineCaveat, proofOf } from '../../../../budgets/advice/proof/proof.ts'
import { proofLines } from '../../../../reports/proof.ts'
import { aRun } from '../../../support/a-run.ts'
import { aSeries } from '../../../support/a-series.ts'

const [half, quarter] = [
  { vcpu: 0.5, gigabytes: 1 },
  { vcpu: 0.25, gigabytes: 1 },
]
const recommended = (isMet: boolean | null): Attempt => ({ role: 'recommended', size: half, run: 'a', isMet, because: 'So it was.' })
const smaller = (isMet: boolean | null): Attempt => ({ role: 'next smaller', size: quarter, run: 'b', isMet, because: 'So it was below.' })

describe('a recommended size', () => {
  test.each([
    ['met, and the smaller one not', [recommended(true), smaller(false)], 'proved', '0.5 vCPU and 1 GB meet the objective, and 0.25 vCPU and 1 GB do not.'],
    ['met, and the smaller one too', [recommended(true), smaller(true)], 'not proved', 'and so do 0.25 vCPU and 1 GB: the smaller size is enough.'],
    ['met, and the smaller one unknown', [recommended(true), smaller(null)], 'not proved', 'could not be told. So it was below.'],
    ['met, and no smaller one tried', [recommended(true)], 'not proved', 'whether less would do was not tried.'],
    ['not met', [recommended(false)], 'not proved', '0.5 vCPU and 1 GB do not meet the objective. So it was.'],
    ['unknown', [recommended(null)], 'not proved', 'could not be told. So it was.'],
    ['never run', [], 'not proved', 'was not run at the recommended size'],
  ])('%s', (_, attempts, state, because) => {
    expect(proofOf(attempts)).toMatchObject({ state, because: expect.stringContaining(because) })
  })

  test('is told with each attempt and what must be known of it', () => {
    expect(proofLines(proofOf([recommended(true), attemptWithoutRun('next smaller', quarter, 'It did not come up.')], ['Shared cores.']))).toEqual([
      'Proof',
      '  PROVED: 0.5 vCPU and 1 GB meet the objective, and 0.25 vCPU and 1 GB do not.',
      '  - recommended, 0.5 vCPU and 1 GB: met, run a. So it was.',
      '  - next smaller, 0.25 vCPU and 1 GB: not met, no run. It did not come up.',
      '  Note: Shared cores.',
    ])
  })
})

describe('one attempt', () => {
  const valid = aRun({ id: 'a' })
  const invalid = { ...valid, validity: { state: 'INVALID' as const, reasons: [{ code: 'lag', text: 'Late.' }] } }
  const judgement = { status: 'met' } as unknown as Parameters<typeof attemptOf>[3]['judgements'][number]
  const verdict = (word: 'pass' | 'fail' | 'unknown') => ({ word, because: 'The reason.', judgements: [judgement] })
  const sound = { oomKills: 0, ended: undefined }

  test.each([
    ['pass', true],
    ['fail', false],
    ['unknown', null],
  ] as const)('%s', (word, isMet) => {
    expect(attemptOf('recommended', half, valid, verdict(word), sound)).toMatchObject({ run: 'a', isMet, because: 'The reason.' })
  })

  test('a service that the kernel killed for memory did not meet anything, whatever was answered before', () => {
    expect(attemptOf('recommended', half, valid, verdict('pass'), { ...sound, oomKills: 2 })).toMatchObject({
      isMet: false,
      because: 'The kernel killed 2 processes for memory.',
    })
  })

  test('nor did one that ended', () => {
    const ended = 'it ended with code 1; it said nothing'
    expect(attemptOf('recommended', half, valid, verdict('pass'), { ...sound, ended })).toMatchObject({
      isMet: false,
      because: 'The service did not live through it: it ended with code 1; it said nothing.',
    })
  })

  test('an INVALID run tells nothing, not even of a killed service', () => {
    expect(attemptOf('recommended', half, invalid, verdict('unknown'), { ...sound, oomKills: 1 }).isMet).toBeNull()
  })

  describe('on a machine that others use as well', () => {
    const watched = (cpu: number, throttled: number, waiting: number) => ({
      ...valid,
      probes: [
        aSeries('service.cpu', 'cores', 60, () => cpu, 0.5),
        aSeries('service.throttled_time', 'cores', 60, () => throttled),
        aSeries('target.waiting_for_cpu', 'cores', 60, () => waiting),
      ],
    })
    test.each([
      ['without the cores of its size it can not be told', watched(0.3, 0, 0.7), null],
      ['who used up the quota was held back by that', watched(0.48, 0.2, 0.9), false],
      ['who waited for the quota waited for nobody else', watched(0.4, 0.6, 0.7), false],
      ['nor where others took them for a while', watched(0.36, 0, 0.16), null],
      ['a little waiting is ordinary', watched(0.3, 0, 0.03), false],
    ])('%s', (_, run, isMet) => expect(attemptOf('recommended', half, run, verdict('fail'), sound).isMet).toBe(isMet))

    test('what was met all the same is met', () => {
      expect(attemptOf('recommended', half, watched(0.3, 0, 0.7), verdict('pass'), sound).isMet).toBe(true)
    })

    test('the reason is added to that of the budget', () => {
      expect(attemptOf('recommended', half, watched(0.3, 0, 0.7), verdict('fail'), sound).because).toBe(
        'The reason. The service waited for cores that others on this machine had (0.7 s of each second, in which it ran for 0.3 s), and did not get the 0.5 vCPU of its size. End what else runs here, and try again.',
      )
    })
  })

  test('without a budget there is no objective', () => {
    expect(attemptOf('recommended', half, valid, { ...verdict('pass'), judgements: [] })).toMatchObject({
      isMet: null,
      because: expect.stringContaining('--budget'),
    })
  })
})

describe('a machine of two cores', () => {
  test('can hold a service to one and keep one for the generator', () => expect(machineCaveat({ vcpu: 1, gigabytes: 2 }, 2)).toEqual({}))
  test('shares them with a service of two, and says so', () =>
    expect(machineCaveat({ vcpu: 2, gigabytes: 4 }, 2).caveat).toContain("shared this machine's 2 cores"))
  test('has no four', () => expect(machineCaveat({ vcpu: 4, gigabytes: 8 }, 2).declined).toMatch(/^4 vCPU can't be tried on this machine, which has 2\./))
})
