import { isNumericId, isPerson } from '#libs/access/principal.ts'
import { type Codecs, codecs } from '#libs/contracts/codecs.ts'
import type { IdentityEvent } from '#libs/contracts/generated/identity.ts'
import type { Family } from '#libs/journal/families.ts'
import type { EncodedEvent, OutcomeRecord } from '#libs/journal/outcome.ts'

/** Families whose journals the audit is made of. */
export const auditedFamilies = ['account', 'channel', 'broadcast'] as const satisfies readonly Family[]

export type AuditedFamily = (typeof auditedFamilies)[number]

/** Of what was done by a stream key, from where: told in the entry itself, since no account was seen there. */
export const keyUses = 'broadcast.encoder_admitted'

export const isAudited = (family: Family): family is AuditedFamily =>
  (auditedFamilies as readonly Family[]).includes(family)

/** One entry of the audit: who did what to whom, by which record. What people wrote stands in it as the journal has it. */
export type Entry = {
  readonly kind: string
  /** An account, or the part of the platform. */
  readonly actor: string
  /** The account of staff that acted as the actor. */
  readonly impersonator: string | null
  /** The account that it was done to. */
  readonly target: string | null
  readonly channel: string | null
  /** Of what was refused. */
  readonly code: string | null
  /** Where in its record the event stands; -1 for what was refused. */
  readonly index: number
  readonly event: EncodedEvent | null
}

/** Of accounts everything that happens to them is a matter of their safety, but what they say and whom they do not want to hear. */
const unconcerned: ReadonlySet<string> = new Set<IdentityEvent['type']>([
  'ProfileChanged',
  'AccountBlocked',
  'AccountUnblocked',
])

/** Of channels what moderators do, roles among it; of broadcasts who may publish, and each use of a key. */
const concerned: Readonly<Record<Exclude<AuditedFamily, 'account'>, ReadonlySet<string>>> = {
  channel: new Set(['ChannelCreated', 'ModerationLogged']),
  broadcast: new Set([
    'StreamKeyIssued',
    'StreamKeyRevoked',
    'StreamKeyRotated',
    'BroadcastStarted',
    'BroadcastResumed',
    'EncoderAdmitted',
    'EncoderTested',
  ]),
}

/** With which somebody is told that they may not: attempts at what is not theirs. */
const refusals: ReadonlySet<string> = new Set([
  'identity.forbidden',
  'identity.outranked',
  'channel.forbidden',
  'channel.rank_too_low',
  'broadcast.forbidden',
])

/** Rules of a channel act as nobody. */
const NOBODY = '0'

const snake = (type: string): string => type.replaceAll(/(?<!^)(?=[A-Z])/g, '_').toLowerCase()

type AnyCodecs = Pick<Codecs<{ type: string }, { type: string }>, 'decodeEvent'>

const codecsOf = (family: AuditedFamily): AnyCodecs => codecs[family] as unknown as AnyCodecs

type Fields = { readonly action?: unknown; readonly member?: unknown; readonly actor?: unknown }

/** Of what the account journal has besides accounts: neither handles nor names are of concern. */
const concernedElsewhere: ReadonlySet<string> = new Set<IdentityEvent['type']>(['AddressBanned', 'AddressBanLifted'])

const ofAccount = ({ key }: OutcomeRecord, event: EncodedEvent) => {
  const isAccount = isNumericId(key)
  if (isAccount ? unconcerned.has(event.type) : !concernedElsewhere.has(event.type)) return undefined
  return { kind: `account.${snake(event.type)}`, target: isAccount ? key : null, channel: null }
}

const ofChannel = (family: 'channel' | 'broadcast', { key }: OutcomeRecord, event: EncodedEvent) => {
  if (!concerned[family].has(event.type)) return undefined
  const { action, member, actor } = codecsOf(family).decodeEvent(event) as Fields
  if (actor === NOBODY) return undefined
  return {
    kind: `${family}.${typeof action === 'string' ? action : snake(event.type)}`,
    target: typeof member === 'string' ? member : null,
    channel: key,
  }
}

const refused = (family: AuditedFamily, record: OutcomeRecord, code: string): readonly Entry[] => {
  const { principal, impersonator = null, key } = record
  if (!refusals.has(code) || !isPerson(principal)) return []
  const target = family === 'account' && isNumericId(key) ? key : null
  const channel = family === 'account' ? null : key
  return [{ kind: `${family}.refused`, actor: principal, impersonator, target, channel, code, index: -1, event: null }]
}

/** What of a record the audit has. */
export const entriesOf = (record: OutcomeRecord): readonly Entry[] => {
  const { family, outcome, principal, impersonator = null } = record
  if (!isAudited(family)) return []
  if (outcome.kind === 'rejected') return refused(family, record, outcome.code)
  if (outcome.kind !== 'accepted') return []
  return outcome.events.flatMap((event, index) => {
    const about = family === 'account' ? ofAccount(record, event) : ofChannel(family, record, event)
    return about ? [{ ...about, actor: principal, impersonator, code: null, index, event }] : []
  })
}
