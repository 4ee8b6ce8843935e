/** How large a task is: the task's own figures, else the sum of its containers'. */
import type { TaskDefinition } from '@aws-sdk/client-ecs'
import type { Deployment } from '../deployment.ts'

const unitsPerCpu = 1024
const mebibytesPerGigabyte = 1024 // as Fargate counts its GB

/** @example vcpuIn('512') // 0.5 @example vcpuIn('.5 vCPU') // 0.5 */
export const vcpuIn = (text: string): number | undefined => {
  const [, number = '', unit] = /^\s*([\d.]+)\s*(vcpu)?\s*$/i.exec(text) ?? []
  return number === '' ? undefined : Number(number) / (unit === undefined ? unitsPerCpu : 1)
}

/** @example gigabytesIn('1024') // 1 @example gigabytesIn('1 GB') // 1 */
export const gigabytesIn = (text: string): number | undefined => {
  const [, number = '', unit] = /^\s*([\d.]+)\s*(gb)?\s*$/i.exec(text) ?? []
  return number === '' ? undefined : Number(number) / (unit === undefined ? mebibytesPerGigabyte : 1)
}

const architectures: Readonly<Record<string, 'x86' | 'arm'>> = { X86_64: 'x86', ARM64: 'arm' }

/** What is not told stays away: a task of which a container has no memory of its own has no size. */
export const sizeOf = (definition: TaskDefinition): Pick<Deployment, 'size' | 'architecture'> => {
  const { cpu, memory, containerDefinitions: containers = [], runtimePlatform, requiresCompatibilities = [] } = definition
  const units = containers.map((container) => container.cpu ?? 0)
  const mebibytes = containers.map((container) => container.memory ?? container.memoryReservation ?? 0)
  const sum = (values: readonly number[]): number => (values.includes(0) ? 0 : values.reduce((all, value) => all + value, 0))
  const vcpu = cpu === undefined ? sum(units) / unitsPerCpu : vcpuIn(cpu)
  const gigabytes = memory === undefined ? sum(mebibytes) / mebibytesPerGigabyte : gigabytesIn(memory)
  // Fargate takes x86 where nothing is said; elsewhere it is the machine's.
  const architecture = architectures[runtimePlatform?.cpuArchitecture ?? (requiresCompatibilities.includes('FARGATE') ? 'X86_64' : '')]
  return { ...(vcpu && gigabytes ? { size: { vcpu, gigabytes } } : {}), ...(architecture && { architecture }) }
}
