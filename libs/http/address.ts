import { BlockList, isIP, isIPv4 } from 'node:net'

/** Tells the address of the client from the peer's address and what proxies say about those before them. */
export type ClientAddress = (peer: string | undefined, forwardedFor: string | undefined) => string

const plain = (address: string): string => {
  const text = address.trim().replace(/^\[(.*)\](?::\d+)?$/, '$1')
  const withoutPort = /^\d+\.\d+\.\d+\.\d+:\d+$/.test(text) ? text.slice(0, text.indexOf(':')) : text
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(withoutPort)
  return mapped?.[1] ?? withoutPort
}

/**
 * `trusted` are addresses and CIDR ranges of one's own proxies, IPv4 or IPv6 (`TRUSTED_PROXIES`). Throws where one is
 * neither, so that a typing error is seen at start.
 *
 * X-Forwarded-For is walked from the right, which is the end that one's own proxy wrote, and only for as long as each hop
 * is trusted: the first that is not is the client. What a client wrote itself is further left, and never believed.
 */
export const clientAddress = (trusted: readonly string[]): ClientAddress => {
  const proxies = new BlockList()
  for (const entry of trusted) {
    const [address = '', prefix] = entry.split('/')
    const version = isIP(address)
    const bits = prefix === undefined ? undefined : Number(prefix)
    if (version === 0 || (bits !== undefined && !(bits >= 0 && bits <= (version === 4 ? 32 : 128)))) {
      throw new Error(`TRUSTED_PROXIES: '${entry}' is neither an address nor a CIDR range`)
    }
    const family = version === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) proxies.addAddress(address, family)
    else proxies.addSubnet(address, bits, family)
  }
  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && proxies.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')

  return (peer, forwardedFor) => {
    let client = plain(peer ?? '')
    if (forwardedFor === undefined) return client
    for (const hop of forwardedFor.split(',').map(plain).reverse()) {
      if (!isTrusted(client) || isIP(hop) === 0) break
      client = hop
    }
    return client
  }
}

/** What rate limits count by: an IPv4 address, or the /64 of an IPv6 one, since a household has all of it. */
export const addressBlock = (address: string): string => {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
