import type { ChannelEdge } from '#libs/channel/http/edge.ts'
import type { ChannelReads } from '#libs/channel/reads/views.ts'
import { claimHandle } from '#libs/identity/claim.ts'
import { handleKey, type IdentityEdge } from '#libs/identity/http/edge.ts'

type SlugCommand = Parameters<ChannelEdge['openWithSlug']>[2]
type ClaimedHandle = Parameters<typeof claimHandle>[1]
type Reads = Pick<ChannelReads, 'channel'>

/** A slug is a handle, claimed for the channel in the name of its owner. @returns the position of the claim */
const claimSlug = async (
  identity: IdentityEdge,
  command: SlugCommand,
  slug: string,
  of: Pick<ClaimedHandle, 'holderId' | 'previousKey' | 'isOpen'> & { readonly ownerId: string },
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
  (identity: IdentityEdge, reads: Reads): ChannelEdge['openWithSlug'] =>
  ({ accountId }, slug, command) => {
    const request = { ...command, caller: { accountId } }
    const next = async () => ({ channelId: await identity.vault.nextId() })
    return identity.once(request, ['openChannel', slug], next, async ({ channelId }) => {
      const isOpen = async () => (await reads.channel(channelId)) !== undefined
      const claimed = await claimSlug(identity, command, slug, { holderId: channelId, ownerId: accountId, isOpen })
      return claimed && { channelId, ...claimed }
    })
  }

/** The slug is claimed for the channel that is there; the process manager then renames it, and retires the one before. */
export const renameSlug =
  (identity: IdentityEdge, reads: Reads): ChannelEdge['renameSlug'] =>
  ({ channelId, ownerId, slug: before }, slug, command) => {
    const request = { ...command, caller: { accountId: ownerId } }
    const former = async () => ({ previousKey: handleKey(identity.vault, before) })
    return identity.once(request, ['renameChannel', channelId, slug], former, ({ previousKey }) => {
      const isOpen = async () => (await reads.channel(channelId))?.slug === slug
      return claimSlug(identity, command, slug, { holderId: channelId, ownerId, previousKey, isOpen })
    })
  }
