/** The shop's pages for people and their assets, as text. */
import { products } from './catalogue.ts'

const price = (cents: number): string => `${(cents / 100).toFixed(2)} €`

const cards = products
  .slice(0, 12)
  .map(
    ({ id, name, cents }) =>
      `<li><img src="/assets/logo.svg" alt="" width="64" height="64"><a href="/products/${id}">${name}</a><span>${price(cents)}</span><button data-product="${id}">Add to cart</button></li>`,
  )
  .join('\n')

const head = (title: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/assets/logo.svg">
<link rel="stylesheet" href="/assets/shop.css">
<script src="/assets/shop.js" defer></script>
</head>`

export const frontPage = `${head('Demo shop')}
<body>
<header><img src="/assets/logo.svg" alt="Demo shop" width="48" height="48"><h1>Demo shop</h1>
<form action="/search"><label>Search <input name="q" type="search"></label></form>
<a href="/sale">Sale</a> <a href="/cart" id="cart">Cart (0)</a></header>
<main><ul id="products">
${cards}
</ul></main>
</body>
</html>
`

/** What a browser gets of a product; programs get JSON. Undefined when there is none. */
export const productPage = (id: number): string | undefined => {
  const product = products[id - 1]
  if (product === undefined) return undefined
  const { name, cents } = product
  return `${head(`${name}, Demo shop`)}
<body>
<header><a href="/"><img src="/assets/logo.svg" alt="Demo shop" width="48" height="48"></a><h1>${name}</h1><a href="/cart" id="cart">Cart (0)</a></header>
<main><ul id="products"><li><img src="/assets/logo.svg" alt="" width="256" height="256"><span>${price(cents)}</span><button data-product="${id}">Add to cart</button></li></ul></main>
</body>
</html>
`
}

const style = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 60rem; padding: 1rem }
header { align-items: center; display: flex; flex-wrap: wrap; gap: 1rem }
ul { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); list-style: none; padding: 0 }
li { border: 1px solid #8886; border-radius: .5rem; display: grid; gap: .5rem; padding: 1rem }
`

const script = `const cart = document.querySelector('#cart')
const list = document.querySelector('#products')
const add = async (product) => {
  const answer = await fetch('/cart', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ product }) })
  if (answer.ok) cart.textContent = 'Cart (' + (await answer.json()).items + ')'
}
list.addEventListener('click', ({ target }) => target.dataset.product && add(Number(target.dataset.product)))
document.querySelector('form')?.addEventListener('submit', async (event) => {
  event.preventDefault()
  const answer = await fetch('/search?q=' + encodeURIComponent(event.target.q.value))
  const { products } = await answer.json()
  list.replaceChildren(...products.map(({ name }) => Object.assign(document.createElement('li'), { textContent: name })))
})
`

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="30" fill="#28666e"/><path d="M18 24h28l-4 22H22zM25 24a7 7 0 0 1 14 0" fill="none" stroke="#fff" stroke-width="4" stroke-linejoin="round"/></svg>
`

export type Asset = { readonly type: string; readonly text: string }

export const assets: Readonly<Record<string, Asset>> = {
  '/assets/shop.css': { type: 'text/css; charset=utf-8', text: style },
  '/assets/shop.js': { type: 'text/javascript; charset=utf-8', text: script },
  '/assets/logo.svg': { type: 'image/svg+xml', text: logo },
}
