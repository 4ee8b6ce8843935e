/** Terraform with the AWS provider that .ci/terraform-provider.mjs has built into the user's cache. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { providerVersion } from '../../budgets/advice/infrastructure/terraform/provider-schema.ts'
import { cacheFolder } from './k6.ts'
import { findProgram } from './programs.ts'

const folder = join(cacheFolder, 'terraform-provider-aws', providerVersion)
const program = findProgram('terraform')

export const hasProvider = program !== undefined && existsSync(join(folder, 'terraform-provider-aws'))

/** A provider that asks the stand-in and nobody else. Nothing in what perf writes knows of it. */
const settingsFor = (url: string): string => `terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "testing"
  secret_key                  = "testing"
  max_retries                 = 1
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  endpoints {
    appautoscaling = "${url}"
    cloudwatch     = "${url}"
    ecs            = "${url}"
  }
}
`

export type Said = { readonly exitCode: number | undefined; readonly all: string }

/** @param folder of a configuration, which gets the provider's settings @param url where AWS is */
export const terraformIn = (place: string, url: string) => {
  const overrides = `provider_installation {\n  dev_overrides {\n    "hashicorp/aws" = ${JSON.stringify(folder)}\n  }\n}\n`
  writeFileSync(join(place, 'provider.tf'), settingsFor(url))
  writeFileSync(join(place, 'terraform.rc'), overrides)
  const env = { TF_CLI_CONFIG_FILE: join(place, 'terraform.rc'), CHECKPOINT_DISABLE: '1' }
  return async (...words: readonly string[]): Promise<Said> => {
    const { exitCode, all } = await execa(program ?? 'terraform', [...words, '-no-color'], { cwd: place, env, reject: false, all: true, stdin: 'ignore' })
    return { exitCode, all }
  }
}
