/**
 * Builds Terraform's provider for AWS from its source into the user's cache, where test/budgets/advice/infrastructure/terraform.integration.test.ts
 * finds it, and writes anew what perf knows of its resources. Nothing else needs it, and npm test does not call it: it takes two minutes of a core.
 *
 *   node .ci/terraform-provider.mjs
 *
 * Needs Go and Terraform. Only the services whose resources perf writes are built in; with all of them it takes an hour. Their code is
 * the provider's own, unchanged; the two lists of services, which are generated, are made shorter.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMain, must, root } from './command.mjs'

// A fork that differs in what it exports only. HashiCorp's own tags are versions that Go does not take for its module's.
const fork = 'github.com/upbound/terraform-provider-aws'
const source = { module: `${fork}@v0.0.0-20260305123303-f7691456b787`, sum: 'h1:dJlp2eNgY/iVKTPINdguYlHbHc9CtXBZKmQmqYq0REs=', version: '6.34.0' }

const services = ['appautoscaling', 'cloudwatch', 'ecs']
// What the clients of those are called, and S3's, which the provider's own code asks for.
const clients = ['applicationautoscaling', 'cloudwatch', 'ecs', 's3']

const resources = [
  'aws_appautoscaling_target',
  'aws_appautoscaling_policy',
  'aws_appautoscaling_scheduled_action',
  'aws_cloudwatch_metric_alarm',
  'aws_ecs_service',
  'aws_ecs_task_definition',
]

const cache = () => {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
}
// test/support/terraform-provider.ts looks here.
const folder = join(cache(), 'scale-surgeon', 'terraform-provider-aws', source.version)
const program = join(folder, `terraform-provider-aws${process.platform === 'win32' ? '.exe' : ''}`)

// Not in Go's public record of sums, so its sum stands above and is compared here.
const goEnvironment = { ...process.env, GONOSUMDB: fork, GOMAXPROCS: '1', CGO_ENABLED: '0' }

const download = () => {
  const { Dir, Sum } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', source.module], { cwd: tmpdir(), env: goEnvironment }))
  if (Sum !== source.sum) throw new Error(`${source.module} has the sum ${Sum}. ${source.sum} was expected. It is not what was read before; do not build it.`)
  return Dir
}

const without = (text, pattern, kept) => text.replace(pattern, (all, name) => (kept.includes(name) ? all : ''))

/** In a copy: what Go keeps is not to be changed. */
const shorten = (copy) => {
  const change = (path, by) => writeFileSync(join(copy, path), by(readFileSync(join(copy, path), 'utf8')))
  change('internal/conns/awsclient_gen.go', (text) =>
    without(
      without(text, /^\t(?:\w+ )?"github.com\/aws\/aws-sdk-go-v2\/service\/(\w+)"\n/gm, clients),
      /^func \(c \*AWSClient\) \w+\(ctx context\.Context\) \*(\w+)\.Client \{\n.*\n\}\n/gm,
      clients,
    ),
  )
  change('internal/provider/sdkv2/service_packages_gen.go', (text) =>
    without(without(text, /^\t"[\w./-]+\/internal\/service\/(\w+)"\n/gm, services), /^\t\t(\w+)\.ServicePackage\(ctx\),\n/gm, services),
  )
}

const build = (scratch) => {
  const copy = join(scratch, 'source')
  must('cp', ['-R', download(), copy], 'The source could not be copied.')
  must('chmod', ['-R', 'u+w', copy], 'The copy of the source could not be made one that may be changed.')
  shorten(copy)
  mkdirSync(folder, { recursive: true })
  const args = ['build', '-C', copy, '-p', '1', '-trimpath', '-ldflags', '-s -w', '-o', program, '.']
  must('go', args, 'The provider could not be built. See what Go says above.', { env: goEnvironment })
}

const typeOf = (type) => (Array.isArray(type) ? (type[0] === 'map' ? 'map' : 'list') : type)
const typesOf = (attributes, isWanted) =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([, each]) => isWanted(each))
      .map(([name, { type }]) => [name, typeOf(type)]),
  )

/** What may and must be given; what only the provider tells is left out. */
const reduced = ({ attributes = {}, block_types: blocks = {} }) => ({
  required: typesOf(attributes, (each) => each.required),
  optional: typesOf(attributes, (each) => each.optional),
  blocks: Object.fromEntries(
    Object.entries(blocks).map(([name, { min_items: least = 0, max_items: most, block }]) => [name, { least, ...(most && { most }), ...reduced(block) }]),
  ),
})

const writeSchema = (scratch) => {
  const settings = join(scratch, 'terraform.rc')
  writeFileSync(settings, `provider_installation {\n  dev_overrides {\n    "hashicorp/aws" = ${JSON.stringify(folder)}\n  }\n}\n`)
  writeFileSync(join(scratch, 'main.tf'), 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n')
  const env = { ...process.env, TF_CLI_CONFIG_FILE: settings, CHECKPOINT_DISABLE: '1' }
  const said = JSON.parse(execFileSync('terraform', ['providers', 'schema', '-json'], { cwd: scratch, env, maxBuffer: 64 * 1024 * 1024 }))
  const [{ resource_schemas: schemas }] = Object.values(said.provider_schemas)
  const known = Object.fromEntries(resources.map((name) => [name, reduced(schemas[name].block)]))
  const file = join(root, 'budgets/advice/infrastructure/terraform/provider-schema.ts')
  writeFileSync(
    file,
    `/**
 * What Terraform's provider for AWS ${source.version} takes in the resources that perf writes: its own \`terraform providers schema -json\`, read on
 * ${new Date().toISOString().slice(0, 10)} and reduced to names, types and counts. Written by .ci/terraform-provider.mjs; not to be changed by hand.
 */
import type { BlockSchema } from './block-schema.ts'

export const providerVersion = '${source.version}'

export const providerSchema: Readonly<Record<string, BlockSchema>> = ${JSON.stringify(known)}\n`,
  )
  must('node', [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', file], 'The schema could not be laid out.')
}

const makeProvider = () => {
  const scratch = mkdtempSync(join(tmpdir(), 'perf-provider-'))
  try {
    build(scratch)
    writeSchema(scratch)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  console.error(`built ${program}`)
}

if (isMain(import.meta.url)) makeProvider()
