/** Names in files, made of names that others chose. What a format can't hold becomes a dash, an underscore or nothing. */
import type { Recommendation } from '../recommendation.ts'

/** The service's or deployment's own name, as it was told; undefined: to be filled in. */
export const serviceName = ({ deployment }: Pick<Recommendation, 'deployment'>): string | undefined =>
  deployment === undefined ? undefined : deployment.kind === 'ecs' ? deployment.service : deployment.deployment

const fallback = 'service'

/** Letters, digits and `_`, a letter first. @example identifier('web-shop 2') // 'web_shop_2' */
export const identifier = (name: string | undefined): string => {
  const plain = (name ?? '').replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '')
  return /^[A-Za-z]/.test(plain) ? plain : plain === '' ? fallback : `${fallback}_${plain}`
}

/** A DNS label of at most `longest` characters: small letters, digits and dashes. @example label('Web_Shop') // 'web-shop' */
export const label = (name: string | undefined, longest = 63): string =>
  identifier(name).toLowerCase().replaceAll('_', '-').slice(0, longest).replace(/-+$/, '')
