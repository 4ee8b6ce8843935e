/** KEDA's own definition of a ScaledObject, as its operator installs it. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Thing } from './kubernetes-endpoint.ts'

export const scaledObjectDefinition: Thing = parse(readFileSync(new URL('../fixtures/keda-2.21.0/keda.sh_scaledobjects.yaml', import.meta.url), 'utf8'))
