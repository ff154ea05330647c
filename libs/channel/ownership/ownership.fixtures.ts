import fc from 'fast-check'
import { broadcaster, viewer } from '../channel.fixtures.ts'
import type { ChannelCommand } from '../commands.ts'

/** Commands by which a channel changes hands, as they may come. */
export const ownershipArbitraries = (person: fc.Arbitrary<string>): readonly fc.Arbitrary<ChannelCommand>[] => [
  fc.record({ type: fc.constant('OfferChannel' as const), to: person, reason: fc.constant('why') }),
  fc.record({ type: fc.constant('WithdrawOffer' as const), reason: fc.constant('why') }),
  fc.record({ type: fc.constant('AcceptChannel' as const) }),
]

/** A channel that is renamed and goes to somebody else, out of its group. */
export const ownershipRun: readonly {
  readonly command: ChannelCommand
  readonly principal: string
  readonly afterMs: number
}[] = [
  {
    command: { type: 'RenameChannel', slug: 'lounge', slugKey: 'key-2', previousKey: 'key-1' },
    principal: 'manager/handles',
    afterMs: 1,
  },
  { command: { type: 'OfferChannel', to: viewer, reason: null }, principal: broadcaster, afterMs: 1 },
  { command: { type: 'WithdrawOffer', reason: null }, principal: broadcaster, afterMs: 1 },
  {
    command: { type: 'AdoptChannelGroup', ownerId: broadcaster, channels: ['602'] },
    principal: 'manager/channels',
    afterMs: 1,
  },
  { command: { type: 'OfferChannel', to: viewer, reason: null }, principal: broadcaster, afterMs: 1 },
  { command: { type: 'AcceptChannel' }, principal: viewer, afterMs: 1 },
]
