/** The demo shop's scenario: nine visitors look around, the tenth buys. A model to copy from; its own files import from 'scale-surgeon'. */
import { counter, type HttpResponse, journey, scenario, type VirtualUser } from '../index.ts'

const orders = counter('orders_placed')
const words = ['lamp', 'copper', 'chair', 'folding', 'mug', 'winter', 'radio', 'teapot'] as const
const products = 240 // ids from 1

const succeeds = (response: HttpResponse): boolean => response.ok
const anyProduct = (user: VirtualUser): number => 1 + Math.floor(user.random() * products)

const frontPage = ({ http, check, group, random }: VirtualUser): Promise<unknown> =>
  group('front page', async () => {
    const page = await http.get('/')
    check(page, { 'the front page answers': succeeds, 'it lists products': ({ body }) => body.includes('id="products"') })
    // Three of four visitors have been here before and find these in their browser's cache.
    if (random() < 1 / 4)
      await http.batch([
        ['GET', '/assets/shop.css'],
        ['GET', '/assets/shop.js'],
        ['GET', '/assets/logo.svg'],
      ])
  })

const lookAround = async ({ http, check, random }: VirtualUser): Promise<unknown> => {
  if (random() < 1 / 2) return check(await http.get('/products', { query: { page: 1 + Math.floor(random() * 10) } }), { 'the catalogue answers': succeeds })
  const found = await http.get('/search', { query: { q: words[Math.floor(random() * words.length)] } })
  return check(found, { 'search finds something': (response) => response.ok && response.json<{ found: number }>().found > 0 })
}

const browse = journey('browse', async (user) => {
  const { http, check, think } = user
  await frontPage(user)
  await think('100ms', '300ms')
  await lookAround(user)
  await think('100ms', '300ms')
  check(await http.get(`/products/${anyProduct(user)}`), { 'the product answers': succeeds })
})

const checkout = journey('checkout', async (user) => {
  const { http, check, think, group, add } = user
  const product = anyProduct(user)
  await http.get(`/products/${product}`)
  await think('100ms', '300ms')
  await group('buy', async () => {
    const cart = await http.post('/cart', { json: { product, quantity: 1 } })
    // Without a cart the order can only fail as well, and one cause would count twice.
    if (!check(cart, { 'the cart takes the product': succeeds })) return
    await http.get('/cart')
    await think('100ms', '300ms')
    const order = await http.post('/checkout', { form: { card: '4242 4242 4242 4242' } })
    if (check(order, { 'the order is placed': ({ status }) => status === 201 })) add(orders)
  })
})

export default scenario({
  journeys: [
    { weight: 9, journey: browse },
    { weight: 1, journey: checkout },
  ],
})
