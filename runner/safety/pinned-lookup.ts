/** A name's look-up that answers with addresses which were checked before: what the name resolves to a moment later is not followed. */
import { isIP, type LookupFunction } from 'node:net'

/** Answers every look-up with the same addresses. */
export const pinnedTo =
  (addresses: readonly string[]): LookupFunction =>
  (_, { all }, found) => {
    const pinned = addresses.map((address) => ({ address, family: isIP(address) }))
    if (all) found(null, pinned)
    else found(null, pinned[0]?.address ?? '', pinned[0]?.family)
  }
