/** Programs of others that say whether a file is what it claims to be: asked before anybody sees it, where they are installed. */

/** The kinds that exist. */
export type ValidatorName = 'cfn-lint' | 'terraform' | 'cdk' | 'bash' | 'promtool' | 'kubernetes-validate'

/** `words` are the program's own. */
export type Outcome =
  | { readonly state: 'accepted' }
  | { readonly state: 'refused'; readonly words: string }
  | { readonly state: 'absent'; readonly unchecked: string; readonly how: string }

export type ValidatorWorld = { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string }

/**
 * @param folder where the files lie, and nothing else: what it writes there is thrown away
 * @param files names in it
 */
export type Validator = (folder: string, files: readonly string[], world: ValidatorWorld) => Promise<Outcome>
