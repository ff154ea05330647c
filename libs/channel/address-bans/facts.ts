type Facts = Readonly<Record<string, string>>

/** Addresses that are banned of one member, at most. */
export const mostAddresses = 5

/** From where a command comes, as its hashes; nothing where the edge does not know. */
export const originOf = ({ address }: Facts): readonly string[] => address?.split(' ') ?? []

/** The addresses that a command bans, as their hashes. */
export const addressesOf = ({ addresses }: Facts): readonly string[] =>
  addresses?.split(' ').slice(0, mostAddresses) ?? []
