import { expect, test } from 'vitest'
import type { Prices } from '../../../../budgets/advice/prices/prices.ts'
import { pricesThere } from '../../../../budgets/advice/prices/prices-there.ts'
import { aDeployment } from '../../../support/a-deployment.ts'

const table: Prices = {
  dated: '2026-06-30',
  region: 'us-east-1',
  currency: 'USD',
  source: 'a table',
  fargate: { x86: { vcpuHour: 0.04048, gigabyteHour: 0.004445 } },
  fargateSpot: { x86: { vcpuHour: 0.01214, gigabyteHour: 0.00133 } },
  savings: { threeYears: 0.5, oneYear: 0.15 },
  instances: { 'm7g.large': { architecture: 'arm', vcpu: 2, gigabytes: 8, hour: 0.0816 } },
}
const price = { vcpuHour: 0.03725, gigabyteHour: 0.00409, currency: 'USD' }
const today = new Date('2026-11-22')

test('a table of another region gives way to what AWS asks there', () => {
  expect(pricesThere(table, aDeployment({ architecture: 'arm', price }), today)).toEqual({
    dated: '2026-11-22',
    region: 'eu-central-1',
    currency: 'USD',
    source: "AWS's price list, on demand",
    fargate: { arm: { vcpuHour: 0.03725, gigabyteHour: 0.00409 } },
    savings: { threeYears: 0.5, oneYear: 0.15 },
    instances: {},
  })
})

const here = { ...table, region: 'eu-central-1' }
test.each([
  ['a table of the region is kept', here, aDeployment({ price }), here],
  ['one that is too old is not', { ...here, dated: '2026-01-01' }, aDeployment({ price }), { fargate: { x86: { vcpuHour: 0.03725 } } }],
  ['without a price that was read there is only the table', table, aDeployment(), table],
])('%s', (_, given, deployment, expected) => {
  expect(pricesThere(given, deployment, today)).toMatchObject(expected)
})
