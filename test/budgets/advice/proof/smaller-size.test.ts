import { expect, test } from 'vitest'
import { smallerSize } from '../../../../budgets/advice/proof/smaller-size.ts'

const sizes = [
  { vcpu: 0.25, gigabytes: 0.5 },
  { vcpu: 0.25, gigabytes: 1 },
  { vcpu: 0.25, gigabytes: 2 },
  { vcpu: 0.5, gigabytes: 1 },
  { vcpu: 0.5, gigabytes: 4 },
  { vcpu: 1, gigabytes: 2 },
]

test.each([
  [{ vcpu: 1, gigabytes: 2 }, { vcpu: 0.5, gigabytes: 1 }, false],
  [{ vcpu: 0.5, gigabytes: 1 }, { vcpu: 0.25, gigabytes: 1 }, false],
  [{ vcpu: 0.5, gigabytes: 4 }, { vcpu: 0.25, gigabytes: 2 }, false],
  // Nothing smaller is sold, and what is not sold has no neighbours.
  [{ vcpu: 0.25, gigabytes: 0.5 }, { vcpu: 0.125, gigabytes: 0.5 }, true],
  [{ vcpu: 0.5, gigabytes: 0.3 }, { vcpu: 0.25, gigabytes: 0.3 }, true],
])('below %o is %o', (size, smaller, isContainer) => {
  expect(smallerSize(sizes, size)).toEqual({ size: smaller, isContainer })
})
