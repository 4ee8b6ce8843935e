/** Tags as CloudFormation lists them. */
import { type Content, field, fields } from '../commented-yaml.ts'
import type { Tags } from '../tags.ts'

export const tagList = (tags: Tags): Content => Object.entries(tags).map(([key, value]) => fields(field('Key', key), field('Value', value)))
