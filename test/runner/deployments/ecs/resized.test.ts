import type { TaskDefinition } from '@aws-sdk/client-ecs'
import { describe, expect, test } from 'vitest'
import { resized } from '../../../../runner/deployments/ecs/resized.ts'

const definition: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7',
  family: 'web',
  revision: 7,
  status: 'ACTIVE',
  registeredAt: new Date(0),
  registeredBy: 'arn:aws:iam::123456789012:user/someone',
  compatibilities: ['FARGATE'],
  requiresAttributes: [{ name: 'x' }],
  requiresCompatibilities: ['FARGATE'],
  cpu: '512',
  memory: '1024',
  taskRoleArn: 'arn:aws:iam::123456789012:role/web',
  containerDefinitions: [
    { name: 'web', image: 'web:1', memory: 1024, cpu: 384, secrets: [{ name: 'KEY', valueFrom: 'arn:aws:ssm:…' }] },
    { name: 'log', image: 'log:1', memoryReservation: 128, cpu: 128 },
  ],
}
const size = { cpu: 1024, memory: 2048 }

describe('a task definition of another size', () => {
  test('keeps everything but what AWS tells of a revision', () => {
    expect(resized(definition, [{ key: 'team', value: 'shop' }], size)).toEqual({
      family: 'web',
      requiresCompatibilities: ['FARGATE'],
      cpu: '1024',
      memory: '2048',
      taskRoleArn: 'arn:aws:iam::123456789012:role/web',
      containerDefinitions: [
        // It had the whole task's memory, and has it again; its CPU was a part, and stays.
        { name: 'web', image: 'web:1', memory: 2048, cpu: 384, secrets: [{ name: 'KEY', valueFrom: 'arn:aws:ssm:…' }] },
        { name: 'log', image: 'log:1', memoryReservation: 128, cpu: 128 },
      ],
      tags: [{ key: 'team', value: 'shop' }],
    })
  })

  test('sizes may be written with their units', () => {
    expect(resized({ ...definition, cpu: '0.5 vCPU', memory: '1 GB' }, [], size).containerDefinitions?.[0]?.memory).toBe(2048)
  })

  test.each([
    ['CPU', { cpu: 256, memory: 2048 }, 'its containers are given 512 CPU units, more than the 256 that are recommended'],
    ['memory', { cpu: 1024, memory: 64 }, 'container log is given 128 MiB, more than the 64 that are recommended'],
  ])('is refused where containers are given more %s', (_, smaller, words) => {
    expect(() => resized(definition, [], smaller)).toThrow(words)
  })

  test('is refused where its containers together take more than the task has', () => {
    const two = [
      { name: 'web', image: 'web:1', memory: 512 },
      { name: 'log', image: 'log:1', memory: 512 },
    ]
    expect(() => resized({ ...definition, containerDefinitions: two }, [], { cpu: 256, memory: 512 })).toThrow(
      'its containers are given 1024 MiB together, more than the 512 that are recommended',
    )
  })

  test('leaves out tags that only AWS may give', () => {
    const tags = [
      { key: 'aws:cloudformation:stack-name', value: 'shop' },
      { key: 'team', value: 'shop' },
    ]
    expect(resized(definition, tags, size).tags).toEqual([{ key: 'team', value: 'shop' }])
  })
})
