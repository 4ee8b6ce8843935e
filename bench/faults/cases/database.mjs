/** Faults between the application and its database. */
import { held, stepped } from '../shapes.mjs'
import { startShop } from '../shop.mjs'

/** Two seconds of a statement for each second of one core: few of them are enough. */
const history = `
  create table if not exists history (id serial primary key, customer_id int, total int);
  insert into history (customer_id, total) select n % 50000, n from generate_series(1, 1000000) n where not exists (select from history);
  analyze history;`

export const database = [
  { name: 'pool of 5', start: startShop(), path: '/slow', shape: stepped(30, 160), illness: 'connection-pool', first: /pool|connections/ },
  { name: 'missing index', start: startShop(), path: '/customer', shape: stepped(10, 200), illness: 'missing-index', first: /select id, total from orders/ },
  {
    name: 'missing index on 1 M rows',
    start: startShop({ tables: history }),
    path: '/history',
    shape: stepped(3, 60),
    illness: 'missing-index',
    first: /select id, total from history/,
  },
  { name: 'lock on one row', start: startShop({ pool: 20 }), path: '/stock', shape: stepped(10, 90), illness: 'lock-contention', first: /lock/ },
  { name: 'N+1', start: startShop(), path: '/list', shape: held(15, '36s'), illness: 'n-plus-one' },
]
