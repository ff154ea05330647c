import fc from 'fast-check'
import { broadcaster, viewer } from '../channel.fixtures.ts'
import type { ChannelCommand, ChannelCommandOf } from '../commands.ts'

type StartPoll = ChannelCommandOf<'StartPoll'>

export const startingPoll = (fields: Partial<StartPoll> = {}): StartPoll => ({
  type: 'StartPoll',
  question: 'Which game next?',
  options: ['Chess', 'Go'],
  durationMs: 60_000,
  weighted: false,
  changeable: false,
  hidden: false,
  reason: null,
  ...fields,
})

/** Commands of polls, as they may come. */
export const pollArbitraries = (pollId: fc.Arbitrary<string>): readonly fc.Arbitrary<ChannelCommand>[] => [
  fc.record({
    type: fc.constant('StartPoll' as const),
    question: fc.constantFrom('Which game next?', ''),
    options: fc.constantFrom(['Chess', 'Go'], ['Chess']),
    durationMs: fc.constantFrom(5_000, 60_000),
    weighted: fc.boolean(),
    changeable: fc.boolean(),
    hidden: fc.boolean(),
    reason: fc.constant('why'),
  }),
  fc.record({ type: fc.constant('CastVote' as const), pollId, option: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ type: fc.constant('EndPoll' as const), pollId, cancel: fc.boolean(), reason: fc.constant('why') }),
]

/** A poll that somebody votes in and that runs out, which chance seldom comes to: the ids are those of the commands. */
export const pollRun: readonly {
  readonly command: ChannelCommand
  readonly principal: string
  readonly afterMs: number
}[] = [
  { command: startingPoll({ durationMs: 5_000, changeable: true }), principal: broadcaster, afterMs: 1 },
  { command: { type: 'CastVote', pollId: 'command-2', option: 1 }, principal: viewer, afterMs: 1 },
  { command: { type: 'CastVote', pollId: 'command-2', option: 0 }, principal: viewer, afterMs: 1 },
  { command: { type: 'CastVote', pollId: 'command-2', option: 0 }, principal: broadcaster, afterMs: 1 },
  { command: { type: 'FollowChannel' }, principal: viewer, afterMs: 6_000 },
]
