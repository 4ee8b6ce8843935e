import { expect, test } from 'vitest'
import { labelsOf } from '../../../../runner/deployments/kubernetes/objects.ts'

test('a selector of a Deployment as the list of labels that the API takes', () => {
  expect(
    labelsOf({
      matchLabels: { app: 'web', tier: 'front' },
      matchExpressions: [
        { key: 'track', operator: 'In', values: ['stable', 'canary'] },
        { key: 'zone', operator: 'NotIn', values: ['b'] },
        { key: 'owner', operator: 'Exists' },
        { key: 'debug', operator: 'DoesNotExist' },
      ],
    }),
  ).toBe('app=web,tier=front,track in (stable,canary),zone notin (b),owner,!debug')
})
