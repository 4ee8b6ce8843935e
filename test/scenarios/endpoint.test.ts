import { expect, test } from 'vitest'
import { endpointOf } from '../../scenarios/endpoint.ts'

test.each([
  { method: 'get', url: '/', endpoint: 'GET /' },
  { method: 'GET', url: '', endpoint: 'GET /' },
  { method: 'GET', url: '/products/42', endpoint: 'GET /products/:id' },
  { method: 'GET', url: '/products/42?size=l#top', endpoint: 'GET /products/:id' },
  { method: 'post', url: 'http://127.0.0.1:8080/cart', endpoint: 'POST /cart' },
  { method: 'GET', url: 'https://shop.example', endpoint: 'GET /' },
  { method: 'GET', url: '/orders/550e8400-e29b-41d4-a716-446655440000/lines', endpoint: 'GET /orders/:id/lines' },
  { method: 'GET', url: '/blobs/9f86d081884c7d65', endpoint: 'GET /blobs/:id' },
  { method: 'GET', url: '/users/V1StGXR8_Z5jdHi6B-myT', endpoint: 'GET /users/:id' },
  { method: 'GET', url: '/tickets/ABC-123', endpoint: 'GET /tickets/:id' },
  { method: 'GET', url: '/articles/how-we-test-our-software', endpoint: 'GET /articles/how-we-test-our-software' }, // words are no id
  { method: 'GET', url: '/api/v2/search', endpoint: 'GET /api/v2/search' }, // a version is no id
  { method: 'GET', url: '/facade', endpoint: 'GET /facade' }, // hexadecimal letters alone, and few
])('$method $url is $endpoint', ({ method, url, endpoint }) => {
  expect(endpointOf(method, url)).toBe(endpoint)
})
