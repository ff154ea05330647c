import { z } from 'zod'
import { idSchema } from './ids.ts'
import { reasonSchema as reason } from './reason.ts'

/** What is done for a channel to change hands, by its kind. */
export const ownershipActs = [
  z
    .strictObject({ kind: z.literal('offer-channel'), to: idSchema, reason })
    .describe('Offers the channel to another account, for a week; a later offer takes the place of it'),
  z.strictObject({ kind: z.literal('withdraw-offer'), reason }).describe('Takes back what was offered'),
  z
    .strictObject({ kind: z.literal('accept-channel') })
    .describe('Takes over a channel that is offered: the sender is its broadcaster from then on'),
] as const

export type OwnershipAct = z.infer<(typeof ownershipActs)[number]>

/** An example of each. */
export const ownershipActExamples: {
  readonly [Kind in OwnershipAct['kind']]: Extract<OwnershipAct, { kind: Kind }>
} = {
  'offer-channel': { kind: 'offer-channel', to: '43' },
  'withdraw-offer': { kind: 'withdraw-offer' },
  'accept-channel': { kind: 'accept-channel' },
}

/** What everybody in a channel is shown of it, by its kind. */
export const ownershipBodies = [
  z.strictObject({
    kind: z.literal('channel-transferred'),
    previousOwner: idSchema,
    owner: idSchema.describe('Of neither is a role besides left'),
  }),
  z.strictObject({ kind: z.literal('channel-renamed'), slug: z.string() }),
] as const

export const ownershipBodyExamples: readonly z.infer<(typeof ownershipBodies)[number]>[] = [
  { kind: 'channel-transferred', previousOwner: '1', owner: '43' },
  { kind: 'channel-renamed', slug: 'lounge' },
]

/** What somebody alone is told, by its kind. */
export const ownershipPersonal = [
  z
    .strictObject({ kind: z.literal('channel-offered'), until: z.int().min(0) })
    .describe('This channel is offered to the receiver'),
  z.strictObject({ kind: z.literal('offer-withdrawn') }),
] as const

export const ownershipPersonalExamples: readonly z.infer<(typeof ownershipPersonal)[number]>[] = [
  { kind: 'channel-offered', until: 1_733_604_800_000 },
  { kind: 'offer-withdrawn' },
]
