/** What `import … from 'scale-surgeon/config'` gives a configuration file. */
import type { Config } from './config.ts'

export type { Config }

/** Types a configuration file in an editor; returns what it is given. @example export default defineConfig({ target: 'http://127.0.0.1:3000' }) */
export const defineConfig = (config: Config): Config => config
