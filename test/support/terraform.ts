/** Terraform's own language read back as JSON, by the parser that CDK for Terraform uses. */
import { createRequire } from 'node:module'

// Its types bring the browser's with them, which would change what Node's are.
const { parse } = createRequire(import.meta.url)('@cdktf/hcl2json') as { parse(file: string, text: string): Promise<unknown> }

/** A literal `${` stands there as `$${`, as Terraform writes it. @throws {Error} with line and column */
export const parseTerraform = async (text: string): Promise<unknown> => parse('main.tf', text)

/** @example unescaped('$${a}') // '${a}' */
export const unescaped = (text: string): string => text.replace(/([$%])\1\{/g, '$1{')
