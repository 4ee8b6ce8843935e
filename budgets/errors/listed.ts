/** Names in a sentence, the first `most` of them. @example listed(['GET /', 'GET /search', 'POST /cart']) // 'GET /, GET /search and POST /cart' */
export const listed = (names: readonly string[], most = 8): string => {
  if (names.length === 0) return 'none'
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
