import { expect, test } from 'vitest'
import { policyOf } from '../../../runner/aws/policy.ts'
import { refusalOf } from '../../../runner/aws/refusal.ts'

const asked = { action: 'sqs:GetQueueAttributes', resource: 'arn:aws:sqs:eu-central-1:123456789012:orders' }
const thrown = (name: string, message: string, more: object = {}): Error => Object.assign(new Error(message), { name, ...more })

// Names of errors as the services document them; SQS and CloudWatch, JSON and query protocol.
test.each([
  [
    thrown('AccessDeniedException', 'User: arn:aws:iam::1:user/perf is not authorized to perform: sqs:getqueueattributes.'),
    /is not allowed \(AccessDeniedException: User: .*\); the policy/,
    true,
  ],
  [
    thrown('AccessDenied', 'Access to the resource is denied.'),
    /is not allowed \(AccessDenied: Access to the resource is denied\); the policy of whoever runs perf must allow/,
    true,
  ],
  [
    thrown('ThrottlingException', 'Rate exceeded', { $metadata: { attempts: 3 } }),
    /was throttled, 3 times in a row \(ThrottlingException: Rate exceeded\)/,
    false,
  ],
  [thrown('RequestThrottled', 'Request is throttled.', { $metadata: { attempts: 3 } }), /was throttled/, false],
  [thrown('ExpiredToken', 'The security token included in the request is expired'), /found no credentials that AWS takes \(ExpiredToken/, true],
  [thrown('CredentialsProviderError', 'Could not load credentials from any providers'), /found no credentials that AWS takes/, true],
  [thrown('QueueDoesNotExist', 'The specified queue does not exist.'), /found no such queue/, true],
  [thrown('ClusterNotFoundException', 'Cluster not found.'), /found no such cluster; a cluster is known by its name, account and region/, true],
  [new Error('Region is missing'), /no region is known; name it under region, by --region or in AWS_REGION/, true],
  [thrown('Error', 'connect ECONNREFUSED 127.0.0.1:9', { code: 'ECONNREFUSED' }), /failed \(ECONNREFUSED: connect ECONNREFUSED 127\.0\.0\.1:9\)/, false],
  [thrown('Unknown', 'Unknown', { $metadata: { httpStatusCode: 502 } }), /answered with status 502 by something that does not speak as AWS does/, false],
  [
    thrown('SyntaxError', 'Unexpected token <', { $metadata: { httpStatusCode: 500 } }),
    /answered with status 500 by something that does not speak as AWS does/,
    false,
  ],
])('%s is told with the action and the resource', (error, sentence, isLasting) => {
  const refusal = refusalOf(error, asked)
  expect(refusal.message).toMatch(/^sqs:GetQueueAttributes on arn:aws:sqs:eu-central-1:123456789012:orders /)
  expect(refusal.message).toMatch(sentence)
  expect(refusal.isLasting).toBe(isLasting)
})

test('a policy names each action with its resources, in the form that AWS takes', () => {
  expect(JSON.parse(policyOf([{ actions: ['sqs:GetQueueAttributes'], resources: ['arn:aws:sqs:*:*:orders'] }]))).toEqual({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['sqs:GetQueueAttributes'], Resource: ['arn:aws:sqs:*:*:orders'] }],
  })
})
