type Facts = Readonly<Record<string, string>>

/** Addresses that are banned of one member, at most. */
export const mostAddresses = 5

/** From where a command comes, as its hashes; nothing where the edge does not know. */
export const originOf = ({ address }: Facts): readonly string[] => address?.split(' ') ?? []

/** Hashes of addresses as a command carries them: see `addressesOf`. */
export const addressesFact = (keys: readonly string[]): { readonly addresses: string } => ({
  addresses: keys.join(' '),
})

/** The same where a command bans several members: `43 hash hash;44 hash`. */
export const addressesEachFact = (
  each: readonly { readonly member: string; readonly keys: readonly string[] }[],
): { readonly addressesEach: string } => ({
  addressesEach: each.map(({ member, keys }) => [member, ...keys].join(' ')).join(';'),
})

/** Of whom a command bans among several: the hashes of their addresses, by their ids. */
export const addressesEachOf = ({ addressesEach }: Facts): ReadonlyMap<string, readonly string[]> =>
  new Map(
    (addressesEach?.split(';') ?? []).flatMap((words) => {
      const [member, ...keys] = words.split(' ')
      return member && keys.length > 0 ? [[member, keys.slice(0, mostAddresses)] as const] : []
    }),
  )

/** The addresses that a command bans, as their hashes. */
export const addressesOf = ({ addresses }: Facts): readonly string[] =>
  addresses?.split(' ').slice(0, mostAddresses) ?? []
