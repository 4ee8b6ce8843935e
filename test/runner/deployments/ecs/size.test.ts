import { expect, test } from 'vitest'
import { gigabytesIn, sizeOf, vcpuIn } from '../../../../runner/deployments/ecs/size.ts'

// The forms that DescribeTaskDefinition and RegisterTaskDefinition document.
test.each([
  ['512', 0.5],
  ['1 vCPU', 1],
  ['.5 vcpu', 0.5],
  ['half', undefined],
])('a CPU of %s is %s', (text, vcpu) => {
  expect(vcpuIn(text)).toBe(vcpu)
})

test.each([
  ['1024', 1],
  ['2 GB', 2],
  ['0.5GB', 0.5],
  ['much', undefined],
])('a memory of %s is %s', (text, gigabytes) => {
  expect(gigabytesIn(text)).toBe(gigabytes)
})

test.each([
  ["the task's own figures count before those of its containers", { cpu: '256', memory: '512', containerDefinitions: [{ cpu: 10, memory: 128 }] }, 0.25, 0.5],
  [
    'containers are summed where the task says nothing',
    {
      containerDefinitions: [
        { cpu: 512, memory: 1024 },
        { cpu: 512, memoryReservation: 1024 },
      ],
    },
    1,
    2,
  ],
])('%s', (_, definition, vcpu, gigabytes) => {
  expect(sizeOf(definition).size).toEqual({ vcpu, gigabytes })
})

test('a task of which a container has no memory of its own has no size', () => {
  expect(sizeOf({ containerDefinitions: [{ cpu: 512, memory: 1024 }, { cpu: 512 }] }).size).toBeUndefined()
})

test('Fargate takes x86 where nothing is said; elsewhere nobody knows', () => {
  const of = { cpu: '256', memory: '512' }
  expect(sizeOf({ ...of, requiresCompatibilities: ['FARGATE'] }).architecture).toBe('x86')
  expect(sizeOf({ ...of, requiresCompatibilities: ['EC2'] }).architecture).toBeUndefined()
  expect(sizeOf({ ...of, runtimePlatform: { cpuArchitecture: 'ARM64' } }).architecture).toBe('arm')
})
