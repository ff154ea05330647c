import { z } from 'zod'
import { commandIdSchema, idSchema } from './ids.ts'
import { reasonSchema as reason } from './reason.ts'

/** A century. */
const mostMs = 3_155_760_000_000

/** How much is banned with an address. */
const addressWidth = z.enum(['address', 'network'])

/** What is wrong with what is reported. */
export const reportCategories = ['spam', 'harassment', 'hate', 'sexual', 'violence', 'self_harm', 'other'] as const

/** What members and moderators do about cases, by its kind. */
export const caseworkActs = [
  z
    .strictObject({
      kind: z.literal('report'),
      message: commandIdSchema.optional(),
      member: idSchema.optional().describe('Where no message is named'),
      category: z.enum(reportCategories),
      words: z.string().min(1).max(4096).optional().describe('For the moderators: 1 to 512 code points'),
    })
    .describe('Reports a message, or a person, to the moderators, who see the messages around as they were then'),
  z
    .strictObject({ kind: z.literal('claim-report'), report: commandIdSchema, claim: z.boolean(), reason })
    .describe('Takes a report on, or leaves it to others again'),
  z
    .strictObject({
      kind: z.literal('close-report'),
      report: commandIdSchema,
      resolution: z.enum(['acted', 'dismissed']),
      act: commandIdSchema.optional().describe('Id of the act that it led to'),
      reason,
    })
    .describe('Closes a report, and all that are about the same; those who reported it are told'),
  z
    .strictObject({
      kind: z.literal('decide-term'),
      term: commandIdSchema.describe('Id of the nuke'),
      keep: z.boolean(),
      reason,
    })
    .describe('Keeps a term blocked that a nuke has blocked, or lets it be said again'),
  z
    .strictObject({
      kind: z.literal('appeal'),
      sanction: z.enum(['ban', 'timeout']),
      text: z.string().min(1).max(4096).describe('1 to 512 code points'),
    })
    .describe("Asks the moderators to look again at one's own ban or timeout: once for each"),
  z
    .strictObject({
      kind: z.literal('answer-appeal'),
      appeal: commandIdSchema,
      answer: z.enum(['upheld', 'lifted', 'shortened']),
      durationMs: z.int().min(1).max(mostMs).optional().describe('Of what is shortened, from now on'),
      reason: z.string().min(1).max(4096).optional().describe('The appellant reads it'),
    })
    .describe('Answers an appeal; the appellant is told'),
  z
    .strictObject({
      kind: z.literal('set-quorum'),
      approvals: z.int().min(2).max(10).nullable().describe('null: one moderator is enough'),
      lapseMs: z.int().min(1).max(mostMs).optional().describe('A day where it is left out'),
      reason,
    })
    .describe(
      'Sets how many moderators it takes to ban without end. One alone then bans for 90 days at most, and imports no bans; those of channels that are followed wait for a moderator, who proposes them. It is about bans: one moderator still mutes without a term',
    ),
  z
    .strictObject({ kind: z.literal('vote-on-ban'), proposal: commandIdSchema, approve: z.boolean(), reason })
    .describe('Approves of a ban that waits for others, or takes it back'),
  z
    .strictObject({ kind: z.literal('publish-ban-list'), published: z.boolean(), reason })
    .describe('Lets other channels follow the bans of this one, or no more'),
  z
    .strictObject({ kind: z.literal('follow-ban-list'), source: idSchema, mode: z.enum(['review', 'apply']), reason })
    .describe('Follows the bans of another channel: a moderator looks at each, or they count at once'),
  z
    .strictObject({ kind: z.literal('unfollow-ban-list'), source: idSchema, reason })
    .describe('Follows the bans of another channel no more; those that count here stay'),
  z
    .strictObject({
      kind: z.literal('review-ban-list'),
      source: idSchema,
      members: z.array(idSchema).min(1).max(100),
      accept: z.boolean(),
      reason,
      addresses: addressWidth.optional().describe('From where they came of late, too, as of the act `ban`'),
    })
    .describe(
      'Decides on bans of another channel that wait for a moderator; where a quorum is set, each that is accepted is proposed',
    ),
  z
    .strictObject({
      kind: z.literal('link-alts'),
      member: idSchema,
      alt: idSchema,
      evidence: z.string().min(1).max(4096).optional().describe('What speaks for it: moderators see it'),
    })
    .describe("Says that two accounts are one person's; the log of a ban shows known alts"),
  z
    .strictObject({ kind: z.literal('unlink-alts'), member: idSchema, alt: idSchema, reason })
    .describe("Says that two accounts are not one person's"),
  z
    .strictObject({ kind: z.literal('set-group'), channels: z.array(idSchema).max(50), reason })
    .describe("Names the broadcaster's other channels that belong together with this one"),
  z
    .strictObject({
      kind: z.literal('act-in-group'),
      act: z.enum(['ban', 'unban', 'time_out', 'lift_timeout', 'mute', 'unmute']),
      member: idSchema,
      durationMs: z.int().min(1).max(mostMs).optional(),
      reason,
      addresses: addressWidth.optional().describe('Of a ban: from where they came of late, too, as of the act `ban`'),
    })
    .describe('Does something here and in all channels of the group, each by its own rules'),
  z
    .strictObject({
      kind: z.literal('set-shield-preset'),
      modes: z
        .array(
          z.strictObject({
            mode: z.string().max(40),
            value: z
              .int()
              .min(0)
              .max(mostMs / 1000),
          }),
        )
        .max(10)
        .describe("None: the platform's own preset"),
      reason,
    })
    .describe('Sets what shield mode switches on'),
] as const

const id = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'

export type CaseworkAct = z.infer<(typeof caseworkActs)[number]>

/** An example of each. */
export const caseworkExamples: {
  readonly [Kind in CaseworkAct['kind']]: Extract<CaseworkAct, { kind: Kind }>
} = {
  report: { kind: 'report', message: id, category: 'spam', words: 'The same in every channel' },
  'claim-report': { kind: 'claim-report', report: id, claim: true },
  'close-report': { kind: 'close-report', report: id, resolution: 'acted', act: id },
  'decide-term': { kind: 'decide-term', term: id, keep: true, reason: 'slur' },
  appeal: { kind: 'appeal', sanction: 'ban', text: 'It was a quote' },
  'answer-appeal': {
    kind: 'answer-appeal',
    appeal: id,
    answer: 'shortened',
    durationMs: 86_400_000,
    reason: 'A day will do',
  },
  'set-quorum': { kind: 'set-quorum', approvals: 3, lapseMs: 86_400_000 },
  'vote-on-ban': { kind: 'vote-on-ban', proposal: id, approve: true, reason: 'seen it' },
  'publish-ban-list': { kind: 'publish-ban-list', published: true },
  'follow-ban-list': { kind: 'follow-ban-list', source: '1002', mode: 'review' },
  'unfollow-ban-list': { kind: 'unfollow-ban-list', source: '1002' },
  'review-ban-list': { kind: 'review-ban-list', source: '1002', members: ['43'], accept: true },
  'link-alts': { kind: 'link-alts', member: '43', alt: '44', evidence: 'Came when 43 was banned, in the same words' },
  'unlink-alts': { kind: 'unlink-alts', member: '43', alt: '44' },
  'set-group': { kind: 'set-group', channels: ['1002', '1003'] },
  'act-in-group': { kind: 'act-in-group', act: 'mute', member: '43', durationMs: 3_600_000, reason: 'floods' },
  'set-shield-preset': { kind: 'set-shield-preset', modes: [{ mode: 'followers_only', value: 600 }] },
}

/** What somebody alone is told of a case of theirs, by its kind. */
export const caseworkBodies = [
  z
    .strictObject({
      kind: z.literal('report-closed'),
      report: commandIdSchema,
      resolution: z.enum(['acted', 'dismissed']),
    })
    .describe('What the receiver had reported was handled'),
  z
    .strictObject({
      kind: z.literal('appeal-answered'),
      appeal: commandIdSchema,
      answer: z.enum(['upheld', 'lifted', 'shortened']),
      until: z.int().min(0).nullable().describe('When what was shortened is over'),
      reason: z.string().optional(),
    })
    .describe('What the receiver had appealed against was looked at again'),
] as const

type CaseworkBody = z.infer<(typeof caseworkBodies)[number]>

/** An example of each. */
export const caseworkBodyExamples: readonly CaseworkBody[] = [
  { kind: 'report-closed', report: id, resolution: 'acted' },
  { kind: 'appeal-answered', appeal: id, answer: 'upheld', until: null, reason: 'It was no quote' },
]

/** What an entry of the moderators' lane says of a case. */
export const caseworkEntry = {
  caseId: commandIdSchema.optional().describe('The report, appeal, proposal or blocked term that it is about'),
  label: z
    .string()
    .optional()
    .describe(
      'Category of a report; how something was answered; the act that it led to; name of an emote; what an outside model said, its score and version',
    ),
  related: z.array(idSchema).optional().describe('Known alts of whom it was done to, or who was linked to them'),
  origin: idSchema.optional().describe('The channel whose ban list or group it came from'),
}
