import { expect, test } from 'vitest'
import { readMarkup } from '../../../runner/audit/markup.ts'

const page = new URL('http://shop.test/a/page')
const read = (markup: string) => readMarkup(markup, page)
const urls = (markup: string) => read(markup).references.map(({ url }) => url)

test('addresses are relative to the page, or to its base', () => {
  expect(urls('<img src="x.png"><img src="/y.png"><img src="//cdn.test/z.png">')).toEqual([
    'http://shop.test/a/x.png',
    'http://shop.test/y.png',
    'http://cdn.test/z.png',
  ])
  expect(urls('<base href="/assets/"><img src="x.png">')).toEqual(['http://shop.test/assets/x.png'])
})

test('what is no address over HTTP is left alone', () => {
  expect(urls('<img src="data:image/png;base64,AA=="><img src=""><script src="javascript:0"></script><img src="http://[">')).toEqual([])
})

test('a fragment makes no other file', () => {
  expect(urls('<img src="sprite.svg#cart">')).toEqual(['http://shop.test/a/sprite.svg'])
})

test.each([
  ['<head><script src="a.js"></script></head>', true],
  ['<head><script src="a.js" defer></script></head>', false],
  ['<head><script src="a.js" async></script></head>', false],
  ['<head><script type="module" src="a.js"></script></head>', false],
  ['<head></head><body><script src="a.js"></script></body>', false],
])('%s holds the page up: %s', (markup, isBlocking) => {
  expect(read(markup).references).toEqual([{ role: 'script', url: 'http://shop.test/a/a.js', isBlocking }])
})

test('scripts that modern browsers do not load are not read', () => {
  expect(
    urls(
      '<script nomodule src="old.js"></script><script type="text/template" src="t.html"></script><noscript><img src="pixel.gif"></noscript><template><img src="later.png"></template>',
    ),
  ).toEqual([])
})

test('scripts within the page are weighed, data is not', () => {
  expect(read('<script>abc</script><script type="application/ld+json">{"a":1}</script><script type="module">défg</script>').inlineScript).toBe(3 + 5)
})

test('an image says where it is shown and what is offered beside it', () => {
  const [plain, half, sized, modern] = read(
    '<img src="1.png" width="200" height="150px"><img src="2.png" width="50%"><img src="3.png" srcset="3b.png 2x"><picture><source srcset="4.avif" type="image/avif"><img src="4.png"></picture>',
  ).references
  expect(plain).toMatchObject({ shownAt: { width: 200, height: 150 }, hasSizes: false, hasModernFormat: false })
  expect(half).toMatchObject({ shownAt: {} })
  expect(sized).toMatchObject({ hasSizes: true, hasModernFormat: false })
  expect(modern).toMatchObject({ hasSizes: true, hasModernFormat: true })
})

test('links to styles, icons and preloads are read, others are not', () => {
  const { references } = read(
    '<link rel="stylesheet" href="a.css"><link rel="alternate stylesheet" href="b.css"><link rel="shortcut icon" href="c.ico"><link rel="preload" as="font" href="d.woff2"><link rel="canonical" href="/"><link rel="preconnect" href="http://cdn.test">',
  )
  expect(references.map(({ role, url }) => [role, url.split('/').at(-1)])).toEqual([
    ['style', 'a.css'],
    ['icon', 'c.ico'],
    ['preload', 'd.woff2'],
  ])
})

test('a policy in the markup is read', () => {
  expect(read(`<meta http-equiv="Content-Security-Policy" content="default-src 'self'">`).policy).toBe("default-src 'self'")
  expect(read('<p>').policy).toBeNull()
})
