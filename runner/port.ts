/** The port that a URL leads to, its scheme's own when it names none. @example portOf('https://shop.example/cart') // 443 */
export const portOf = (url: string): number => {
  const { port, protocol } = new URL(url)
  return port !== '' ? Number(port) : protocol === 'https:' ? 443 : 80
}
