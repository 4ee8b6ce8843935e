/** What the shop sells. Written out as JSON once, so that answering costs the process next to nothing. */

export type Product = { readonly id: number; readonly name: string; readonly cents: number }

const qualities = ['Quiet', 'Folding', 'Northern', 'Copper', 'Everyday', 'Pocket', 'Woven', 'Harbour', 'Late', 'Plain', 'Winter', 'Bright']
const things = [
  ...['Kettle', 'Lamp', 'Notebook', 'Scarf', 'Bicycle', 'Radio', 'Chair', 'Compass', 'Teapot', 'Blanket'],
  ...['Clock', 'Satchel', 'Mirror', 'Umbrella', 'Pencil', 'Stool', 'Basket', 'Torch', 'Mug', 'Ladder'],
]
const perPage = 24

export const products: readonly Product[] = qualities.flatMap((quality, row) =>
  things.map((thing, column) => {
    const id = row * things.length + column + 1
    return { id, name: `${quality} ${thing}`, cents: 400 + ((id * 7919) % 9600) }
  }),
)

/** Pages are numbered from 1. */
const pages = Math.ceil(products.length / perPage)

const productTexts = products.map((product) => JSON.stringify(product))
const pageTexts = Array.from({ length: pages }, (_, page) =>
  JSON.stringify({ page: page + 1, pages, products: products.slice(page * perPage, (page + 1) * perPage) }),
)
const lowerNames = products.map((product) => product.name.toLowerCase())

export const productText = (id: number): string | undefined => productTexts[id - 1]
export const pageText = (page: number): string | undefined => pageTexts[page - 1]

/** The first page of products whose name has the words of the query in it. */
export const searchText = (query: string): string => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const found = products.filter((_, index) => words.every((word) => lowerNames[index]?.includes(word)))
  return JSON.stringify({ query, found: found.length, products: found.slice(0, perPage) })
}
