/** What a provider takes in a block, reduced from what `terraform providers schema -json` says. */

export type ValueType = 'string' | 'number' | 'bool' | 'map' | 'list'

export type BlockSchema = {
  readonly required: Readonly<Record<string, ValueType>>
  readonly optional: Readonly<Record<string, ValueType>>
  /** How often each may stand there; without `most` any number of times. */
  readonly blocks: Readonly<Record<string, BlockSchema & { readonly least: number; readonly most?: number }>>
}
