import { may } from '#libs/access/permissions.ts'
import type { AssignableRole, Role } from '#libs/access/roles.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'

/** What somebody is in a channel; null for those without a role, and without an account. */
export type ShownRole = Exclude<Role, 'member' | 'none'> | null

/** What an edge knows of a channel that somebody follows there: as of `seq` and `moderationSeq`. */
export type EdgeView = {
  readonly ownerId: string
  readonly slug: string | null
  readonly topic: string | null
  /** Who wrote the topic: it goes when they are erased. */
  readonly topicActor?: string | null
  readonly slowModeSeconds: number
  /** Roles by account id, without the broadcaster's. */
  readonly roles: ReadonlyMap<string, AssignableRole>
  readonly seq: number
  readonly moderationSeq: number
}

/** A person as the edge knows them. */
export type Person = { readonly accountId: string; readonly platformRole: string }

export const roleIn = (view: EdgeView, person: Person | undefined): ShownRole => {
  if (person === undefined) return null
  if (person.platformRole === 'admin') return 'platform_admin'
  return person.accountId === view.ownerId ? 'broadcaster' : (view.roles.get(person.accountId) ?? null)
}

/** Who sees the moderators' lane. */
export const seesModeration = (role: ShownRole): boolean => may(role ?? 'member', 'read_moderation')

const withRole = (
  roles: ReadonlyMap<string, AssignableRole>,
  member: string,
  role: AssignableRole | null,
): ReadonlyMap<string, AssignableRole> => {
  const changed = new Map(roles)
  if (role === null) changed.delete(member)
  else changed.set(member, role)
  return changed
}

/** The view once this person is erased. */
export const withoutPerson = (view: EdgeView, accountId: string): EdgeView =>
  view.topicActor === accountId ? { ...view, topic: null, topicActor: null } : view

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
        ...(event.topic !== null && { topic: event.topic || null, topicActor: event.actor }),
        slowModeSeconds: event.slowModeSeconds ?? view.slowModeSeconds,
      }
    case 'RoleAssigned':
      return { ...view, seq, roles: withRole(view.roles, event.member, event.role) }
    default:
      return { ...view, seq }
  }
}
