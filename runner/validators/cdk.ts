/** The CDK of the user's own project: the construct is put into a stack beside a service made for the purpose, and the stack is synthesized. No AWS account is asked. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'
import { ask, byExitCode } from './program.ts'
import type { Validator } from './validator.ts'

/** Each file has a stack of its own. */
const synthesize = `const { App, Stack } = require('aws-cdk-lib')
const ec2 = require('aws-cdk-lib/aws-ec2')
const ecs = require('aws-cdk-lib/aws-ecs')
const elb = require('aws-cdk-lib/aws-elasticloadbalancingv2')
const sqs = require('aws-cdk-lib/aws-sqs')

const app = new App({ outdir: 'cdk.out', analyticsReporting: false, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } })
try {
  for (const [at, file] of process.argv.slice(2).entries()) {
    const { RecommendedScaling, recommendedSize = { cpu: 256, memoryLimitMiB: 512 } } = require(file)
    const stack = new Stack(app, 'Recommended' + at)
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 })
    const cluster = new ecs.Cluster(stack, 'Cluster', { vpc })
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task', { ...recommendedSize })
    taskDefinition.addContainer('app', { image: ecs.ContainerImage.fromRegistry('app'), portMappings: [{ containerPort: 80 }] })
    const service = new ecs.FargateService(stack, 'Service', { cluster, taskDefinition })
    const balancer = new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc })
    const targetGroup = balancer.addListener('Http', { port: 80, open: false }).addTargets('Targets', { port: 80, targets: [service] })
    const queue = new sqs.Queue(stack, 'Queue')
    if (RecommendedScaling !== undefined) new RecommendedScaling(stack, 'Scaling', { service, targetGroup, queue })
  }
  app.synth()
} catch (error) {
  // Not the stack: it quotes whole lines of the packed library.
  console.error(error.message)
  process.exitCode = 1
}
`

/** Where the project has both packages; undefined where it has not. */
const packagesOf = (cwd: string): Readonly<Record<string, string>> | undefined => {
  const { resolve } = createRequire(join(cwd, 'package.json'))
  try {
    return { 'aws-cdk-lib': dirname(resolve('aws-cdk-lib/package.json')), constructs: dirname(resolve('constructs/package.json')) }
  } catch {
    return undefined
  }
}

export const cdk: Validator = async (folder, files, world) => {
  const packages = packagesOf(world.cwd)
  if (packages === undefined)
    return {
      state: 'absent',
      unchecked: 'whether the construct can be synthesized',
      how: 'Run perf in a project that has aws-cdk-lib and constructs installed.',
    }
  await mkdir(join(folder, 'node_modules'))
  for (const [name, path] of Object.entries(packages)) await symlink(path, join(folder, 'node_modules', name), 'junction')
  const compiled = (file: string): string => file.replace(/[.]ts$/, '.cjs')
  try {
    for (const file of files) {
      const { code } = await transform(await readFile(join(folder, file), 'utf8'), { loader: 'ts', format: 'cjs', sourcefile: file })
      await writeFile(join(folder, compiled(file)), code)
    }
  } catch (error) {
    return { state: 'refused', words: (error as Error).message }
  }
  await writeFile(join(folder, 'synthesize.cjs'), synthesize)
  return byExitCode(await ask(process.execPath, ['synthesize.cjs', ...files.map((file) => `./${compiled(file)}`)], folder, world), '', '')
}
