import { z } from 'zod'
import { caseworkActs, caseworkExamples } from './casework.ts'
import { modes } from './modes.ts'
import { ownershipActExamples, ownershipActs } from './ownership.ts'
import { pollActExamples, pollActs } from './polls.ts'
import { reasonSchema as reason } from './reason.ts'
import { retentionAct, retentionExample } from './retention.ts'

/** Marks on a member, which others do not see. */
export const marks = [
  'mute',
  'slow',
  'shadow',
  'suspicious',
  'low_trust',
  'protected',
  'warning',
  'link_permit',
] as const

/** Those that a member is told of. */
export const toldMarks = ['mute', 'slow', 'warning', 'link_permit'] as const satisfies readonly (typeof marks)[number][]
export type ToldMark = (typeof toldMarks)[number]

const messageId = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
const messages = z.array(messageId).max(20).optional().describe('The messages that it is about')

const account = z.string().regex(/^[1-9][0-9]{0,15}$/)
/** A century, as the longest duration: a number beyond it is a mistake. */
export const mostMs = 3_155_760_000_000
export const mostSeconds = mostMs / 1000
const mostVersions = 1_000_000_000

const durationMs = z.int().min(1).max(mostMs).optional().describe('Without end where it is left out')

const settingMode = z
  .strictObject({
    kind: z.literal('set-mode'),
    mode: z.enum(modes),
    value: z
      .int()
      .min(0)
      .max(mostSeconds)
      .nullable()
      .describe(
        'Seconds of slow, followers_only, account_age and edit_window; the lowest tier of subscribers_only; 1 of the others; null: off',
      ),
    reason,
  })
  .describe('Sets a mode of the room, or switches it off')

const following = z.strictObject({ kind: z.literal('follow') }).describe('Follows the channel')
const unfollowing = z.strictObject({ kind: z.literal('unfollow') }).describe('Follows the channel no more')

const subscribing = z
  .strictObject({
    kind: z.literal('grant-subscription'),
    member: account,
    tier: z.int().min(1).max(1000),
    durationMs,
    reason,
  })
  .describe('Makes a member a subscriber')

const unsubscribing = z
  .strictObject({ kind: z.literal('revoke-subscription'), member: account, reason })
  .describe('Takes a subscription away')

const banning = z
  .strictObject({
    kind: z.literal('ban'),
    member: account,
    durationMs,
    reason,
    messages,
    addresses: z
      .enum(['address', 'network'])
      .optional()
      .describe('Nobody without a role posts from where they came of late: each address (of IPv6 its /64), or its /24'),
  })
  .describe('Keeps a member from posting')

const unbanning = z
  .strictObject({ kind: z.literal('unban'), member: account, reason })
  .describe('Lets a banned member post again')

const liftingAddressBan = z
  .strictObject({ kind: z.literal('lift-address-ban'), member: account, reason })
  .describe('Lets others post again from where a banned member came, who stays banned')

const timingOut = z
  .strictObject({
    kind: z.literal('time-out'),
    member: account,
    durationMs: z.int().min(1).max(mostMs),
    reason,
    messages,
  })
  .describe('Keeps a member from posting for a while')

const liftingTimeout = z
  .strictObject({ kind: z.literal('lift-timeout'), member: account, reason })
  .describe('Lets a member who was timed out post again')

const marking = z
  .strictObject({
    kind: z.literal('mark'),
    member: account,
    mark: z.enum(marks),
    value: z
      .int()
      .min(1)
      .max(mostSeconds)
      .optional()
      .describe(
        'Seconds between two messages, of slow; 1 of link_permit: one message with links, by default all of them',
      ),
    durationMs,
    reason,
    messages,
  })
  .describe(
    'Sets a mark: mute, slow, shadow (others see nothing of them), suspicious, low_trust (their messages are held), protected, warning (to be acknowledged), link_permit (links that the policy would stop; up to 14 days)',
  )

const unmarking = z
  .strictObject({ kind: z.literal('unmark'), member: account, mark: z.enum(marks), reason })
  .describe('Takes a mark away')

const acknowledging = z
  .strictObject({ kind: z.literal('acknowledge-warning') })
  .describe('Says that the warning was read: the sender may post again')

const editing = z
  .strictObject({ kind: z.literal('edit-message'), message: messageId, text: z.string().min(1).max(4096) })
  .describe("Writes one's own message anew, where the channel has an edit window and while it lasts")

const deletingOne = z
  .strictObject({ kind: z.literal('delete-message'), message: messageId, reason })
  .describe("Deletes a message: one's own, or as a moderator that of somebody of a lower role")

const deletingAll = z
  .strictObject({ kind: z.literal('delete-messages'), member: account, reason })
  .describe('Deletes everything that a member has posted')

const clearing = z.strictObject({ kind: z.literal('clear'), reason }).describe('Deletes everything that was posted')

const noting = z
  .strictObject({ kind: z.literal('add-note'), member: account, text: z.string().min(1).max(4096) })
  .describe('Writes a note on a member, for the moderators')

const reviewing = z
  .strictObject({ kind: z.literal('review'), message: messageId, approve: z.boolean(), reason })
  .describe('Posts a message that is held, or not')

const undoingNuke = z
  .strictObject({ kind: z.literal('undo-nuke'), nuke: messageId, reason })
  .describe('Takes a nuke back: messages and timeouts')

const escalating = z
  .strictObject({ kind: z.literal('escalate'), member: account, reason, messages })
  .describe("Does to a member what the channel's ladder has next for them")

const changingLadder = z
  .strictObject({
    kind: z.literal('change-ladder'),
    steps: z
      .array(z.int().min(-1).max(mostMs))
      .min(1)
      .max(10)
      .describe('0: a warning; -1: a ban; else a timeout in milliseconds'),
    reason,
  })
  .describe('Changes what follows on one offence after another')

const assigningRole = z
  .strictObject({
    kind: z.literal('assign-role'),
    member: account,
    role: z.enum(['lead_moderator', 'moderator', 'vip', 'bot']).nullable().describe('null takes it away'),
    reason,
  })
  .describe("Gives a member a role, below one's own")

const pinning = z
  .strictObject({ kind: z.literal('pin'), message: messageId.nullable().describe('null takes the pin away'), reason })
  .describe('Pins a message to the channel')

const writingText = z
  .strictObject({
    kind: z.literal('set-text'),
    text: z.enum(['welcome', 'rules']),
    value: z.string().min(1).max(8000).nullable().describe('1 to 2,000 code points, of several lines; null: none'),
    reason,
  })
  .describe('Sets the word of welcome, or rules that must be accepted before posting')

const acceptingRules = z
  .strictObject({ kind: z.literal('accept-rules'), version: z.int().min(1).max(mostVersions) })
  .describe('Accepts the rules of the channel in the version that was read')

const closing = z.strictObject({ kind: z.literal('close'), reason }).describe('Closes the channel to posts')
const reopening = z.strictObject({ kind: z.literal('reopen'), reason }).describe('Opens a closed channel again')

/** Everything that is done in a channel besides posting, by its kind: one form for sockets and for HTTP. */
export const actSchema = z.discriminatedUnion('kind', [
  settingMode,
  following,
  unfollowing,
  subscribing,
  unsubscribing,
  banning,
  unbanning,
  liftingAddressBan,
  timingOut,
  liftingTimeout,
  marking,
  unmarking,
  acknowledging,
  editing,
  deletingOne,
  deletingAll,
  clearing,
  noting,
  reviewing,
  undoingNuke,
  escalating,
  changingLadder,
  assigningRole,
  pinning,
  writingText,
  acceptingRules,
  retentionAct,
  ...caseworkActs,
  ...ownershipActs,
  ...pollActs,
  closing,
  reopening,
])

export type Act = z.infer<typeof actSchema>
export type ActOf<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>

const message = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'

/** An example of every act; they stand in the AsyncAPI document and are run by the tests. */
export const actExamples: { readonly [Kind in Act['kind']]: ActOf<Kind> } = {
  'set-mode': { kind: 'set-mode', mode: 'followers_only', value: 600, reason: 'raid' },
  follow: { kind: 'follow' },
  unfollow: { kind: 'unfollow' },
  'grant-subscription': { kind: 'grant-subscription', member: '43', tier: 1, durationMs: 2_592_000_000 },
  'revoke-subscription': { kind: 'revoke-subscription', member: '43', reason: 'charged back' },
  ban: { kind: 'ban', member: '43', reason: 'spam', messages: [message], addresses: 'address' },
  unban: { kind: 'unban', member: '43', reason: 'appealed' },
  'lift-address-ban': { kind: 'lift-address-ban', member: '43', reason: 'a school' },
  'time-out': { kind: 'time-out', member: '43', durationMs: 600_000, reason: 'spam' },
  'lift-timeout': { kind: 'lift-timeout', member: '43', reason: 'apologised' },
  mark: { kind: 'mark', member: '43', mark: 'slow', value: 60, durationMs: 3_600_000, reason: 'floods' },
  unmark: { kind: 'unmark', member: '43', mark: 'slow' },
  'acknowledge-warning': { kind: 'acknowledge-warning' },
  'edit-message': { kind: 'edit-message', message, text: 'Hello, @bob!' },
  'delete-message': { kind: 'delete-message', message, reason: 'doxing' },
  'delete-messages': { kind: 'delete-messages', member: '43', reason: 'spam' },
  clear: { kind: 'clear', reason: 'raid' },
  'add-note': { kind: 'add-note', member: '43', text: 'Was kind when asked' },
  review: { kind: 'review', message, approve: true },
  'undo-nuke': { kind: 'undo-nuke', nuke: message, reason: 'too wide' },
  escalate: { kind: 'escalate', member: '43', reason: 'spam again', messages: [message] },
  'change-ladder': { kind: 'change-ladder', steps: [0, 60_000, 600_000, -1] },
  'assign-role': { kind: 'assign-role', member: '43', role: 'vip', reason: 'a guest' },
  pin: { kind: 'pin', message, reason: 'the schedule' },
  'set-text': { kind: 'set-text', text: 'rules', value: 'Be kind.\nNo spoilers.' },
  'accept-rules': { kind: 'accept-rules', version: 1 },
  'set-retention': retentionExample,
  ...caseworkExamples,
  ...ownershipActExamples,
  ...pollActExamples,
  close: { kind: 'close', reason: 'moved' },
  reopen: { kind: 'reopen' },
}
