import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readingPolicy } from '../../../../runner/deployments/ecs/policy.ts'

const place = { arn: 'arn:aws:iam::123456789012:user/reader', region: 'eu-central-1', account: '123456789012', cluster: 'shop', service: 'web' }

test('the policy that ecs.md shows is the one that is asked for', async () => {
  const explained = await readFile(new URL('../../../../runner/deployments/ecs/ecs.md', import.meta.url), 'utf8')
  const [, shown = ''] = /```json\n(.*?)```/s.exec(explained) ?? []
  expect(JSON.parse(shown)).toEqual(JSON.parse(readingPolicy(place)))
})

test('names of resources are of the partition of whoever asks', () => {
  expect(readingPolicy({ ...place, arn: 'arn:aws-cn:iam::123456789012:user/reader', region: 'cn-north-1' })).toContain(
    'arn:aws-cn:ecs:cn-north-1:123456789012:service/shop/web',
  )
})

test('nothing that it allows changes anything', () => {
  const { Statement } = JSON.parse(readingPolicy(place)) as { readonly Statement: readonly { readonly Action: readonly string[] }[] }
  for (const action of Statement.flatMap(({ Action }) => Action)) expect(action).toMatch(/:(Get|Describe|List)[A-Z]/)
})
