import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'

export type ChannelRole = NonNullable<ServerFrameOf<'joined'>['role']>

/** What an edge knows of a channel that somebody follows there: as of `seq` and `moderationSeq`. */
export type EdgeView = {
  readonly ownerId: string
  readonly slug: string | null
  readonly topic: string | null
  readonly slowModeSeconds: number
  /** Roles by account id, without the broadcaster's. */
  readonly roles: ReadonlyMap<string, ChannelRole>
  readonly seq: number
  readonly moderationSeq: number
}

export const roleIn = (view: EdgeView, accountId: string | undefined): ChannelRole | null => {
  if (accountId === undefined) return null
  return accountId === view.ownerId ? 'broadcaster' : (view.roles.get(accountId) ?? null)
}

/** Who sees the moderators' lane. */
export const seesModeration = (role: ChannelRole | null): boolean =>
  role === 'broadcaster' || role === 'lead_moderator' || role === 'moderator'

const withRole = (
  roles: ReadonlyMap<string, ChannelRole>,
  member: string,
  role: ChannelRole | null,
): ReadonlyMap<string, ChannelRole> => {
  const changed = new Map(roles)
  if (role === null) changed.delete(member)
  else changed.set(member, role)
  return changed
}

/** The view after one more event. What it has seen already, by its number, changes nothing. */
export const evolveView = (view: EdgeView, event: Opened<ChannelEvent>): EdgeView => {
  if (event.type === 'ModerationLogged')
    return event.moderationSeq > view.moderationSeq ? { ...view, moderationSeq: event.moderationSeq } : view
  if (event.seq <= view.seq) return view
  const { seq } = event
  switch (event.type) {
    case 'SettingsChanged':
      return {
        ...view,
        seq,
        topic: event.topic === null ? view.topic : event.topic || null,
        slowModeSeconds: event.slowModeSeconds ?? view.slowModeSeconds,
      }
    case 'RoleAssigned':
      return { ...view, seq, roles: withRole(view.roles, event.member, event.role) }
    default:
      return { ...view, seq }
  }
}
