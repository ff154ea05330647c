import type { Once } from '#libs/http/once.ts'
import type { Vault } from '#libs/vault/vault.ts'
import { claimHandle, type HandleClaimEdge } from './claim.ts'
import { handleKey } from './http/edge.ts'

/** What slugs are claimed by. */
export type SlugEdge = HandleClaimEdge & { readonly once: Once; readonly vault: Pick<Vault, 'nextId'> }

type SlugCommand = { readonly commandId: string; readonly traceparent: string | undefined }
type ClaimedHandle = Parameters<typeof claimHandle>[1]

/** What the read model has of a channel; undefined where there is none. */
type Reads = { readonly channel: (channelId: string) => Promise<{ readonly slug: string | null } | undefined> }

/** A slug is a handle, claimed for the channel in the name of its owner. @returns the position of the claim */
const claimSlug = async (
  edge: SlugEdge,
  command: SlugCommand,
  slug: string,
  of: Pick<ClaimedHandle, 'holderId' | 'previousKey' | 'isOpen'> & { readonly ownerId: string },
) => {
  const claimed = await claimHandle(edge, {
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

/**
 * Claims a slug for a new channel, which the process manager then creates, and waits for it; undefined while that is not
 * known. Throws the rejection.
 */
export const openWithSlug =
  (edge: SlugEdge, reads: Reads) =>
  ({ accountId }: { readonly accountId: string }, slug: string, command: SlugCommand) => {
    const request = { ...command, caller: { accountId } }
    const next = async () => ({ channelId: await edge.vault.nextId() })
    return edge.once(request, ['openChannel', slug], next, async ({ channelId }) => {
      const isOpen = async () => (await reads.channel(channelId)) !== undefined
      const claimed = await claimSlug(edge, command, slug, { holderId: channelId, ownerId: accountId, isOpen })
      return claimed && { channelId, ...claimed }
    })
  }

/**
 * Claims another slug for a channel that is there; the process manager then renames it, and retires the one before. As
 * `openWithSlug`.
 */
export const renameSlug =
  (edge: SlugEdge, reads: Reads) =>
  (
    {
      channelId,
      ownerId,
      slug: before,
    }: { readonly channelId: string; readonly ownerId: string; readonly slug: string },
    slug: string,
    command: SlugCommand,
  ) => {
    const request = { ...command, caller: { accountId: ownerId } }
    const former = async () => ({ previousKey: handleKey(edge.vault, before) })
    return edge.once(request, ['renameChannel', channelId, slug], former, ({ previousKey }) => {
      const isOpen = async () => (await reads.channel(channelId))?.slug === slug
      return claimSlug(edge, command, slug, { holderId: channelId, ownerId, previousKey, isOpen })
    })
  }
