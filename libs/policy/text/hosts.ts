const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/

/** An IPv4 address that is written as an IPv6 one is that address (RFC 4291, 2.5.5.2). */
const withoutMapping = (address: string): string => {
  const [, high, low] = mapped.exec(address) ?? []
  if (high === undefined || low === undefined) return address
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.')
}

const sixInBrackets = /^\[[0-9a-f:.]+\]$/i
/** What would part a host off from something else. */
const noHost = /[\s/\\?#@:]/

/**
 * A host as browsers know it, however it is written (WHATWG URL, 3.5): names in lower case and ASCII (punycode), octets
 * written as `%69` read, IPv4 addresses of fewer parts, or with octal and hexadecimal ones, as four decimals. IPv6
 * addresses are taken in brackets or without, and given without. Undefined where a browser goes nowhere.
 *
 * @example hostOf('0x7f.1') === '127.0.0.1'
 */
export const hostOf = (written: string): string | undefined => {
  const host = /^[0-9a-f.]*:[0-9a-f:.]*$/i.test(written) ? `[${written}]` : written
  if (!sixInBrackets.test(host) && noHost.test(host)) return undefined
  const hostname = URL.parse(`http://${host}/`)?.hostname
  if (hostname === undefined) return undefined
  return hostname.startsWith('[') ? withoutMapping(hostname.slice(1, -1)) : hostname.replace(/\.$/, '')
}

/** Whether a host in that form is an address rather than a name. */
export const isAddress = (host: string): boolean => host.includes(':') || /(?:^|\.)\d+$/.test(host)

/** A domain and those above it, or the one address: what a list is asked for. */
export const domainsOf = (host: string): readonly string[] => {
  if (isAddress(host)) return [host]
  const labels = host.split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}
