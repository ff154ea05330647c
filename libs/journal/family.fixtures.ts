import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelCommand, ChannelEvent } from '#libs/contracts/generated/channel.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Clear, Seal } from '#libs/contracts/sealed.ts'
import { SubjectErased } from '#libs/vault/vault.ts'
import type { CommandEnvelope, ReceivedCommand } from './command.ts'
import type { Decider, Decision } from './decider.ts'
import { encodeCommandRecord } from './envelope.ts'
import { uuidv7 } from './ids.ts'
import type { StoredRecord } from './log.ts'
import { type FamilyRules, prepareCommand, type TurnSecrets } from './turn.ts'

/** A few rules over the channel's contracts, for tests of the shell around rules. */
export type Room = { readonly messages: number; readonly until: number | null }

const decider: Decider<Room, ChannelCommand, ChannelEvent, Clear<ChannelEvent>> = {
  family: 'channel',
  stateVersion: 1,
  initial: () => ({ messages: 0, until: null }),
  decide: (command, state, { principal, at, facts }): Decision<Clear<ChannelEvent>> => {
    const seq = state.messages + 1
    switch (command.type) {
      case 'PostMessage': {
        if (command.text === 'crash') throw new Error('a rule that fails')
        if (command.text === 'no') return { kind: 'rejected', code: 'test.refused', detail: { at } }
        const authorName = facts.displayName ?? ''
        const posted = {
          type: 'MessagePosted',
          ...channelAbsent.MessagePosted,
          seq,
          author: principal,
          authorName,
          text: command.text,
        } as const
        return { kind: 'accepted', events: [posted], summary: { seq } }
      }
      case 'TimeOutMember': {
        const until = at + command.durationMs
        return {
          kind: 'accepted',
          events: [{ type: 'MemberTimedOut', seq, member: command.member, until }],
          summary: { seq },
        }
      }
      case 'EndTimeouts':
        return {
          kind: 'accepted',
          events: [{ type: 'TimeoutEnded', seq, member: '1', cause: 'expired' }],
          summary: {},
        }
      default:
        return { kind: 'accepted', events: [], summary: {} }
    }
  },
  evolve: (state, event) => ({
    messages: state.messages + 1,
    until: event.type === 'MemberTimedOut' ? event.until : event.type === 'TimeoutEnded' ? null : state.until,
  }),
  due: ({ until }) => (until === null ? undefined : { name: 'timeouts', at: until }),
  dueCommand: (_name, at) => ({ type: 'EndTimeouts', dueAt: at }),
  encodeState: (state) => state,
  decodeState: (value) => value as Room,
  subjects: (_command, principal) => [principal],
}

export const roomRules: FamilyRules<Room, ChannelCommand, ChannelEvent> = { decider, codecs: codecs.channel }

/** Subject `erased` has no key any more. */
const seal: Seal = (subject, id, field, text) => {
  if (subject === 'erased') throw new SubjectErased(subject)
  return Buffer.from(`${subject}|${id}|${field}|${Buffer.from(text).toString('hex')}`) as never
}

export const tinySecrets: TurnSecrets = {
  seal,
  fingerprint: (value) => Buffer.from(value).toString('base64url'),
}

export const t0 = 1_780_000_000_000

export const post = (text: string, more: Partial<ReceivedCommand> = {}): ReceivedCommand => {
  const { bytes, ...encoded } = codecs.channel.encodeCommand({
    type: 'PostMessage',
    ...channelAbsent.PostMessage,
    text,
  })
  return envelope({ ...encoded, payload: bytes, ...more })
}

export const timeOut = (member: string, durationMs: number, more: Partial<ReceivedCommand> = {}): ReceivedCommand => {
  const command = { type: 'TimeOutMember', member, durationMs, reason: null, messages: null } as const
  const { bytes, ...encoded } = codecs.channel.encodeCommand(command)
  return envelope({ ...encoded, payload: bytes, ...more })
}

const envelope = (
  fields: Pick<CommandEnvelope, 'type' | 'version' | 'payload'> & Partial<ReceivedCommand>,
): ReceivedCommand => ({
  key: '42',
  offset: 0,
  id: uuidv7(t0),
  principal: '1001',
  facts: { displayName: 'Ada' },
  origin: 'edge-1',
  ...fields,
})

export const storedCommand = (command: ReceivedCommand): StoredRecord => ({
  headers: {},
  timestamp: t0,
  ...encodeCommandRecord(command),
  offset: command.offset,
})

export const prepared = (command: ReceivedCommand) => prepareCommand(storedCommand(command), roomRules, tinySecrets)
