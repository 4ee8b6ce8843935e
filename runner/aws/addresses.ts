/** Where requests really go: AWS_ENDPOINT_URL, one for a single service, or a profile may send them past AWS, and nobody sees it in the code. */
import type { AwsClients } from './clients.ts'

type Request = { readonly protocol?: string; readonly hostname?: string; readonly port?: number }

const isOfAws = (hostname: string): boolean => /(^|\.)(amazonaws\.com(\.cn)?|api\.aws|amazonwebservices\.com\.cn)$/.test(hostname)

export class Addresses {
  readonly #others = new Set<string>()

  /** Watches the clients that read and change a service from now on. @throws {Error} when their packages are not installed */
  static async of(aws: AwsClients): Promise<Addresses> {
    const addresses = new Addresses()
    const note = (request: unknown): void => {
      const { protocol = '', hostname = '', port } = request as Request
      if (!isOfAws(hostname)) addresses.#others.add(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`)
    }
    const [ecs, scaling] = await Promise.all([aws.open('ecs'), aws.open('scaling')])
    ecs.client.middlewareStack.add(
      (next) => (given) => {
        note(given.request)
        return next(given)
      },
      { step: 'finalizeRequest', name: 'addressOfEcs' },
    )
    scaling.client.middlewareStack.add(
      (next) => (given) => {
        note(given.request)
        return next(given)
      },
      { step: 'finalizeRequest', name: 'addressOfScaling' },
    )
    return addresses
  }

  /** Those that are not AWS's own, of requests that were made. */
  get others(): readonly string[] {
    return [...this.#others]
  }
}
