import { Map as ImmutableMap } from 'immutable'
import { may } from '#libs/access/permissions.ts'
import { mayOnPlatform } from '#libs/access/platform.ts'
import type { AssignableRole, Role } from '#libs/access/roles.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import { evolvePollView, type PollView, withoutAsker } from './polls/view.ts'
import { changeMode, type Mode, type ModeSetting, type Modes } from './state/modes.ts'

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
  /** Until when, by account id, of timeouts that have not ended. */
  readonly timeouts: ReadonlyMap<string, number>
  /** Until when, null without end, by account id, of bans that have not ended: they may be very many. */
  readonly bans?: ImmutableMap<string, number | null>
  /** The modes of the room that are on. */
  readonly modes: Modes
  /** None where nothing is pinned. */
  readonly pin?: { readonly messageId: string; readonly messageSeq: number } | undefined
  /** The word of welcome and the rules, each with who wrote it: it goes when they are erased. */
  readonly texts?: HouseTexts
  readonly closed?: boolean
  /** None while none runs. */
  readonly poll?: PollView | undefined
  readonly seq: number
  readonly moderationSeq: number
}

export type HouseText = { readonly text: string; readonly version: number; readonly actor: string }
export type HouseTexts = Readonly<Partial<Record<'welcome' | 'rules', HouseText>>>

/** A person as the edge knows them. */
export type Person = { readonly accountId: string; readonly platformRole: string }

export const roleIn = (view: EdgeView, person: Person | undefined): ShownRole => {
  if (person === undefined) return null
  if (mayOnPlatform(person.platformRole, 'administer_channels')) return 'platform_admin'
  return person.accountId === view.ownerId ? 'broadcaster' : (view.roles.get(person.accountId) ?? null)
}

/** Who sees the moderators' lane. */
export const seesModeration = (role: ShownRole): boolean => may(role ?? 'member', 'read_moderation')

const withMember = <Value>(
  members: ReadonlyMap<string, Value>,
  member: string,
  value: Value | null,
): ReadonlyMap<string, Value> => {
  const changed = new Map(members)
  if (value === null) changed.delete(member)
  else changed.set(member, value)
  return changed
}

/** The word of welcome and the rules, as a list. */
export const textsShown = ({ texts = {} }: Pick<EdgeView, 'texts'>) =>
  (['welcome', 'rules'] as const).flatMap((of) => {
    const found = texts[of]
    return found ? [{ of, text: found.text, version: found.version }] : []
  })

export type Timeout = { readonly member: string; readonly until: number }

/** The timeouts that somebody is told of: moderators of all that are in force, others of their own. */
export const timeoutsShown = (
  view: EdgeView,
  person: Person | undefined,
  role: ShownRole,
  at: number,
): readonly Timeout[] => {
  const own = person && view.timeouts.get(person.accountId)
  const shown: readonly (readonly [string, number])[] = seesModeration(role)
    ? [...view.timeouts]
    : person && own !== undefined
      ? [[person.accountId, own]]
      : []
  return shown.flatMap(([member, until]) => (until > at ? [{ member, until }] : []))
}

/** The ban that somebody is told of: their own, while it holds. */
export const banShown = (
  { bans }: EdgeView,
  person: Person | undefined,
  at: number,
): { readonly until: number | null } | undefined => {
  const until = person && bans?.get(person.accountId)
  return until === undefined || (until !== null && until <= at) ? undefined : { until }
}

/** The view once this person is erased. */
export const withoutPerson = (before: EdgeView, accountId: string): EdgeView => {
  const view = before.poll ? { ...before, poll: withoutAsker(before.poll, accountId) } : before
  const kept = Object.entries(view.texts ?? {}).filter(([, { actor }]) => actor !== accountId)
  const texts: HouseTexts = Object.fromEntries(kept)
  return view.topicActor === accountId ? { ...view, texts, topic: null, topicActor: null } : { ...view, texts }
}

const textsAfter = (
  texts: HouseTexts = {},
  { kind, text, version, actor }: Extract<Opened<ChannelEvent>, { type: 'TextChanged' }>,
): HouseTexts => {
  const { [kind]: _, ...others } = texts
  return typeof text === 'string' ? { ...others, [kind]: { text, version, actor } } : others
}

/** The modes that are on, as a list. */
export const modesShown = (modes: Modes): ({ readonly mode: Mode } & ModeSetting)[] =>
  Object.entries(modes).map(([mode, setting]) => ({ mode: mode as Mode, ...setting }))

/** Slow mode is a setting of old, and a mode like the others. */
export const modesAfter = (
  modes: Modes,
  { slowModeSeconds, actor }: { readonly slowModeSeconds: number | null; readonly actor: string },
  since: number,
): Modes =>
  slowModeSeconds === null ? modes : changeMode(modes, { mode: 'slow', value: slowModeSeconds || null, actor, since })

const noBans: NonNullable<EdgeView['bans']> = ImmutableMap()

/** The view after one more event, which happened at that time. What it has seen already, by its number, changes nothing. */
export const evolveView = (view: EdgeView, event: Opened<ChannelEvent>, at: number): EdgeView => {
  if (!('seq' in event)) {
    if (event.type === 'VoteCast') return { ...view, poll: evolvePollView(view.poll, event, at) }
    if (!('moderationSeq' in event)) return view
    return event.moderationSeq > view.moderationSeq ? { ...view, moderationSeq: event.moderationSeq } : view
  }
  if (event.seq <= view.seq) return view
  const { seq } = event
  switch (event.type) {
    case 'SettingsChanged':
      return {
        ...view,
        seq,
        ...(event.topic !== null && { topic: event.topic || null, topicActor: event.actor }),
        slowModeSeconds: event.slowModeSeconds ?? view.slowModeSeconds,
        modes: modesAfter(view.modes, event, at),
      }
    case 'PinChanged': {
      const { messageId, messageSeq } = event
      return { ...view, seq, pin: messageId === null || messageSeq === null ? undefined : { messageId, messageSeq } }
    }
    case 'TextChanged':
      return { ...view, seq, texts: textsAfter(view.texts, event) }
    case 'ChannelClosed':
    case 'ChannelReopened':
      return { ...view, seq, closed: event.type === 'ChannelClosed' }
    case 'ChannelTransferred':
      return { ...view, seq, ownerId: event.ownerId, roles: withMember(view.roles, event.ownerId, null) }
    case 'ChannelRenamed':
      return { ...view, seq, slug: event.slug }
    case 'PollStarted':
    case 'PollEnded':
      return { ...view, seq, poll: evolvePollView(view.poll, event, at) }
    case 'ModeChanged':
      return { ...view, seq, modes: changeMode(view.modes, event) }
    case 'RoleAssigned':
      return { ...view, seq, roles: withMember(view.roles, event.member, event.role) }
    case 'MemberTimedOut':
      return { ...view, seq, timeouts: withMember(view.timeouts, event.member, event.until) }
    case 'TimeoutEnded':
      return { ...view, seq, timeouts: withMember(view.timeouts, event.member, null) }
    case 'MemberBanned':
      return { ...view, seq, bans: (view.bans ?? noBans).set(event.member, event.until) }
    case 'BanEnded':
      return { ...view, seq, bans: view.bans?.delete(event.member) ?? noBans }
    default:
      return { ...view, seq }
  }
}
