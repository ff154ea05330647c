/** A host name or an address, as it may stand in a Host header, without its port. */
const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/

/**
 * Where this client reaches the live socket. An address that names only the machine itself (the default) is told with the
 * host by which the client found this page, so that a whiply in a home network works from other machines too.
 */
export const realtimeAddress = (publicRealtimeUrl: string, host: string | undefined): string => {
  const url = new URL(publicRealtimeUrl)
  if (url.hostname === 'localhost' && host !== undefined && hostPattern.test(host) && URL.canParse(`http://${host}`)) {
    url.hostname = new URL(`http://${host}`).hostname
  }
  return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin
}
