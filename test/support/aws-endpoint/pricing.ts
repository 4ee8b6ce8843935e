/** The price list: documents, each a JSON text within JSON. */
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'
import { pageOf } from './page.ts'
import type { Members } from './protocols.ts'

export const pricingActions: Readonly<Record<string, Action>> = {
  'pricing:GetProducts': ({ ServiceCode, Filters = [], MaxResults, NextToken }, world) => {
    if (ServiceCode !== 'AmazonECS') throw new AwsFault('NotFoundException', `Service ${ServiceCode} is not known`)
    const region = (Filters as Members[]).find(({ Field }) => Field === 'regionCode')?.Value
    const all = world.prices.filter(({ regionCode }) => region === undefined || regionCode === region)
    const { items, next } = pageOf(all, world, { most: 100, usual: 100, refusal: 'InvalidParameterException' }, MaxResults, NextToken)
    return { FormatVersion: 'aws_v1', PriceList: items.map(({ document }) => JSON.stringify(document)), NextToken: next }
  },
}
