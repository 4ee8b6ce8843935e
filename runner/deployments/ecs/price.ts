/** What Fargate costs an hour in the region, from AWS's own price list. */
import { AwsClients } from '../../aws/clients.ts'
import { asking } from '../../aws/refusal.ts'
import type { Deployment } from '../deployment.ts'
import type { Place } from './place.ts'

/** The list is asked for in three regions; all tell of every one. */
const regionOf = (region: string): string => (region.startsWith('eu-') ? 'eu-central-1' : region.startsWith('ap-') ? 'ap-south-1' : 'us-east-1')

type Document = {
  readonly product?: { readonly attributes?: { readonly usagetype?: string } }
  readonly terms?: { readonly OnDemand?: Readonly<Record<string, { readonly priceDimensions?: Readonly<Record<string, Dimension>> }>> }
}
type Dimension = { readonly pricePerUnit?: Readonly<Record<string, string>> }

/** Undefined when the document is not of that use, or tells no price. */
const priceIn = ({ product, terms }: Document, usage: RegExp): number | undefined => {
  if (!usage.test(product?.attributes?.usagetype ?? '')) return undefined
  const dimensions = Object.values(terms?.OnDemand ?? {}).flatMap(({ priceDimensions = {} }) => Object.values(priceDimensions))
  const price = Number(dimensions[0]?.pricePerUnit?.USD)
  return price > 0 ? price : undefined
}

/** @throws {AwsError} */
export const priceAt = async ({ aws, region, signal }: Place, architecture: 'x86' | 'arm'): Promise<Deployment['price']> => {
  const own = new AwsClients({ ...aws.account, region: regionOf(region) })
  try {
    const { library, client } = await own.open('pricing')
    const input = { ServiceCode: 'AmazonECS', Filters: [{ Type: 'TERM_MATCH' as const, Field: 'regionCode', Value: region }] }
    const documents: Document[] = []
    await asking({ action: 'pricing:GetProducts', resource: '*' }, async () => {
      for await (const { PriceList = [] } of library.paginateGetProducts({ client }, input, { abortSignal: signal }))
        documents.push(...PriceList.map((text: unknown) => JSON.parse(String(text)) as Document))
    })
    const kind = architecture === 'arm' ? 'Fargate-ARM' : 'Fargate'
    const of = (unit: string): number | undefined =>
      documents.map((document) => priceIn(document, new RegExp(`(^|-)${kind}-${unit}$`))).find((price) => price !== undefined)
    const [vcpuHour, gigabyteHour] = [of('vCPU-Hours:perCPU'), of('GB-Hours')]
    return vcpuHour === undefined || gigabyteHour === undefined ? undefined : { vcpuHour, gigabyteHour, currency: 'USD' }
  } finally {
    await own.close()
  }
}
