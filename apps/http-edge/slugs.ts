import type { ChannelEdge } from '#libs/channel/http/edge.ts'
import { claimHandle } from '#libs/identity/claim.ts'
import { handleKey, type IdentityEdge } from '#libs/identity/http/edge.ts'

type SlugCommand = Parameters<ChannelEdge['openWithSlug']>[2]
type ClaimedHandle = Parameters<typeof claimHandle>[1]

/** A slug is a handle, claimed for the channel in the name of its owner. @returns the position of the claim */
const claimSlug = async (
  identity: IdentityEdge,
  command: SlugCommand,
  slug: string,
  of: Pick<ClaimedHandle, 'holderId' | 'previousKey'> & { readonly ownerId: string },
) => {
  const claimed = await claimHandle(identity, {
    ...command,
    handle: slug,
    displayName: slug,
    email: null,
    platformRole: 'user',
    holderKind: 'channel',
    principal: of.ownerId,
    ...of,
  })
  return claimed.kind === 'opened' ? { position: claimed.position } : undefined
}

/** Once the slug is claimed the process manager creates the channel. */
export const openWithSlug =
  (identity: IdentityEdge): ChannelEdge['openWithSlug'] =>
  async ({ accountId }, slug, command) => {
    const channelId = await identity.vault.nextId()
    const claimed = await claimSlug(identity, command, slug, { holderId: channelId, ownerId: accountId })
    return claimed && { channelId, ...claimed }
  }

/** The slug is claimed for the channel that is there; the process manager then renames it, and retires the one before. */
export const renameSlug =
  (identity: IdentityEdge): ChannelEdge['renameSlug'] =>
  async ({ channelId, ownerId, slug: before }, slug, command) => {
    const previousKey = handleKey(identity.vault, before)
    return claimSlug(identity, command, slug, { holderId: channelId, ownerId, previousKey })
  }
