/** Keeps the values of secrets out of everything written or printed: by value, because any name may hold one. */

/** Shorter values would blank out half of every sentence; a secret worth the name is longer. */
const shortest = 4

const unchanged = (text: string): string => text

/**
 * A function that replaces each secret's value, as it stands, URL-encoded or in Base64, by its name.
 * @example redactor({ TOKEN: 'hunter22' })('Bearer hunter22') // 'Bearer [secret TOKEN]'
 */
export const redactor = (secrets: Readonly<Record<string, string>>): ((text: string) => string) => {
  const forms = Object.entries(secrets)
    .filter(([, value]) => value.length >= shortest)
    .flatMap(([name, value]) =>
      [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), Buffer.from(value).toString('base64')].map((form) => ({ form, name })),
    )
    // The longest first, so that a secret which contains another one is replaced as a whole.
    .sort((a, b) => b.form.length - a.form.length)
  if (forms.length === 0) return unchanged
  return (text) => forms.reduce((clean, { form, name }) => clean.replaceAll(form, `[secret ${name}]`), text)
}

/** The same for every text inside plain data, keys included. */
export const redactDeep = <T>(value: T, redact: (text: string) => string): T => {
  if (redact === unchanged) return value // no secrets: a long timeline need not be copied to find none
  if (typeof value === 'string') return redact(value) as T
  if (Array.isArray(value)) return value.length > 0 && typeof value[0] === 'number' ? value : (value.map((item) => redactDeep(item, redact)) as T)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactDeep(item, redact)])) as T
  return value
}
