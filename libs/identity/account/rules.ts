import { isNumericId } from '#libs/access/principal.ts'
import { codePoints, hasDirectionControls } from '#libs/contracts/text.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { unfitDisplayName } from '../rules/profile.ts'
import type { Account } from '../state.ts'

export const maxBioLength = 300
/** Enough for anybody, and little in a record and in memory. */
export const maxBlocked = 1000
export const maxErasureDelayMs = 90 * 24 * 60 * 60_000

const unfitBio = (bio: string): Rejection | undefined =>
  codePoints(bio) <= maxBioLength && !hasDirectionControls(bio) && bio === bio.normalize('NFC') && !bio.includes('\0')
    ? undefined
    : reject('identity.bio_invalid', { max: maxBioLength })

const unfitColour = (colour: string): Rejection | undefined =>
  /^(#[0-9a-f]{6})?$/.test(colour) ? undefined : reject('identity.colour_invalid')

/** By its place and its hash, so that whoever has the name has the image. */
const unfitAvatar = (avatar: string): Rejection | undefined =>
  /^(avatars\/[0-9]{1,16}\/[0-9a-f]{64})?$/.test(avatar) ? undefined : reject('identity.avatar_invalid')

export const unfitProfile = (change: IdentityCommandOf<'ChangeProfile'>): Rejection | undefined => {
  const { displayName, bio, colour, avatar } = change
  if ([displayName, bio, colour, avatar].every((field) => field === null)) return reject('identity.nothing_to_change')
  return (
    (displayName === null ? undefined : unfitDisplayName(displayName)) ??
    (bio === null ? undefined : unfitBio(bio)) ??
    (colour === null ? undefined : unfitColour(colour)) ??
    (avatar === null ? undefined : unfitAvatar(avatar))
  )
}

export const unfitTerms = (version: string): Rejection | undefined =>
  /^[\w.-]{1,40}$/.test(version) ? undefined : reject('identity.terms_not_accepted')

export const unfitToBlock = (account: Account, blocked: string): Rejection | undefined => {
  if (!isNumericId(blocked) || blocked === account.key) return reject('identity.block_invalid')
  if (account.blocked.length >= maxBlocked) return reject('identity.too_many_blocks', { max: maxBlocked })
  return undefined
}

export const notDeactivated = (account: Account): Rejection | undefined =>
  account.deactivated ? undefined : reject('identity.not_deactivated')

export const deactivated = (account: Account): Rejection | undefined =>
  account.deactivated ? reject('identity.account_deactivated') : undefined

export const notToBeErased = (account: Account): Rejection | undefined =>
  account.eraseAt === null ? reject('identity.erasure_not_scheduled') : undefined

export const unfitDelay = (delayMs: number): Rejection | undefined =>
  delayMs > 0 && delayMs <= maxErasureDelayMs ? undefined : reject('identity.delay_invalid', { max: maxErasureDelayMs })
