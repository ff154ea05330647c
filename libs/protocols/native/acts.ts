import { z } from 'zod'

/** Modes of a room. */
export const modes = [
  'slow',
  'followers_only',
  'subscribers_only',
  'emote_only',
  'unique',
  'verified',
  'account_age',
  'shield',
  'read_only',
] as const

const account = z.string().regex(/^[1-9][0-9]{0,15}$/)
const reason = z.string().min(1).max(4096).optional().describe('For the log of the moderators')
const durationMs = z.int().min(1).optional().describe('Without end where it is left out')

const settingMode = z
  .strictObject({
    kind: z.literal('set-mode'),
    mode: z.enum(modes),
    value: z
      .int()
      .min(0)
      .nullable()
      .describe(
        'Seconds of slow, followers_only and account_age; the lowest tier of subscribers_only; 1 of the others; null: off',
      ),
    reason,
  })
  .describe('Sets a mode of the room, or switches it off')

const following = z.strictObject({ kind: z.literal('follow') }).describe('Follows the channel')
const unfollowing = z.strictObject({ kind: z.literal('unfollow') }).describe('Follows the channel no more')

const subscribing = z
  .strictObject({ kind: z.literal('grant-subscription'), member: account, tier: z.int().min(1), durationMs })
  .describe('Makes a member a subscriber')

const unsubscribing = z
  .strictObject({ kind: z.literal('revoke-subscription'), member: account })
  .describe('Takes a subscription away')

/** Everything that is done in a channel besides posting, by its kind: one form for sockets and for HTTP. */
export const actSchema = z.discriminatedUnion('kind', [settingMode, following, unfollowing, subscribing, unsubscribing])

export type Act = z.infer<typeof actSchema>
export type ActOf<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>

/** An example of every act; they stand in the AsyncAPI document and are run by the tests. */
export const actExamples: { readonly [Kind in Act['kind']]: ActOf<Kind> } = {
  'set-mode': { kind: 'set-mode', mode: 'followers_only', value: 600, reason: 'raid' },
  follow: { kind: 'follow' },
  unfollow: { kind: 'unfollow' },
  'grant-subscription': { kind: 'grant-subscription', member: '43', tier: 1, durationMs: 2_592_000_000 },
  'revoke-subscription': { kind: 'revoke-subscription', member: '43' },
}
