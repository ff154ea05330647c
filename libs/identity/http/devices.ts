import { randomBytes } from 'node:crypto'
import { addressBlock } from '#libs/http/address.ts'
import { writeCookie } from '#libs/http/cookie.ts'
import type { AccountView } from '../account-view.ts'
import { newDeviceMail } from '../mails.ts'
import { deviceCookieName } from '../session-cookie.ts'
import type { IdentityEdge } from './edge.ts'

/** What a request tells of the device that it comes from. */
export type Device = {
  /** What it says of itself: the header `User-Agent`. */
  readonly agent: string | undefined
  readonly address: string
  /** What was left with it at a login before. */
  readonly secret: string | undefined
}

type Asking = {
  readonly address: string
  readonly header: (name: string) => string | undefined
  readonly cookie: (name: string) => string | undefined
}

export const deviceOf = (
  { secureCookies }: Pick<IdentityEdge, 'secureCookies'>,
  { address, header, cookie }: Asking,
): Device => {
  const secret = cookie(deviceCookieName(secureCookies))
  return { agent: header('user-agent'), address, secret: /^[\w-]{22}$/.test(secret ?? '') ? secret : undefined }
}

/** Browsers keep a cookie for 400 days at most (RFC 6265bis, section 5.5). */
const COOKIE_SECONDS = 400 * 24 * 3600

/** The cookie by which the device is known the next time, whoever logs in from it. */
export const deviceCookie = ({ secureCookies: secure }: Pick<IdentityEdge, 'secureCookies'>, device: Device) => {
  const secret = device.secret ?? randomBytes(16).toString('base64url')
  const options = { maxAgeSeconds: COOKIE_SECONDS, secure, path: '/', sameSite: 'Lax' } as const
  return { secret, cookie: writeCookie(deviceCookieName(secure), secret, options) }
}

/**
 * A device is known by its cookie; one that keeps none by what it says of itself and the block of its address, of which
 * nothing is kept but a keyed hash.
 */
const marksOf = ({ vault }: Pick<IdentityEdge, 'vault'>, accountId: string, { agent, address, secret }: Device) => {
  const place = `device place ${accountId} ${addressBlock(address)} ${agent ?? ''}`
  const cookie = secret === undefined ? [] : [`device cookie ${accountId} ${secret}`]
  return [...cookie, place].map((mark) => vault.hashes.fingerprint(mark))
}

/** Remembers a device without a word: of who registers. */
export const rememberDevice = async (edge: IdentityEdge, accountId: string, device: Device): Promise<void> => {
  await edge.vault.knownDevices.meet(accountId, marksOf(edge, accountId, device))
}

/** Beside other mails, so that who causes those keeps none of these back. */
const noticeRate = { perMinute: 1 / 10, burst: 10 }

/** Remembers a device, and tells the owner by mail of one that was not known. */
export const meetDevice = async (edge: IdentityEdge, account: AccountView, device: Device): Promise<void> => {
  const { accountId, email, handle } = account
  const met = await edge.vault.knownDevices.meet(accountId, marksOf(edge, accountId, device))
  if (met === 'known' || email === null || edge.limiter.take(`device mail ${accountId}`, noticeRate) > 0) return
  const { publicUrl, post } = edge
  const agent = shownAgent(device.agent)
  post.put(newDeviceMail({ publicUrl, to: email, handle: handle ?? accountId, accountId, agent, at: edge.now() }))
}

/** Whoever logs in says it: it must not look like anything but a word of theirs. */
const shownAgent = (agent: string | undefined): string =>
  (agent ?? '')
    .replaceAll(/[^\x20-\x7e]|https?:|www\./gi, ' ')
    .slice(0, 150)
    .trim() || 'unknown'
