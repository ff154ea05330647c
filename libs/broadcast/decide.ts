import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import type { Detail } from '#libs/journal/outcome.ts'
import type { BroadcastCommand, BroadcastCommandOf } from './commands.ts'
import { reject } from './errors.ts'
import type { BroadcastDraft, BroadcastDraftOf } from './events.ts'
import { decideRecording, dueRecordings, isRecordingCommand, startRecording } from './recordings/decide.ts'
import { unfitCategory, unfitLabel, unfitLanguage, unfitTags, unfitTitle } from './rules/info.ts'
import { expiresAtOnce, isForTests, keyExists, keyExpired, keyForTests, keyUnknown, tooManyKeys } from './rules/keys.ts'
import { notAllowed, notClock, notIngest } from './rules/senders.ts'
import { liveAlready, resting, sessionOver, spokenForByAnother, termOutOfRange } from './rules/sessions.ts'
import type { Broadcasts, OpenBroadcast } from './state.ts'

type Decide<Command> = (command: Command, state: Broadcasts, context: DecideContext) => Decision<BroadcastDraft>

/** How long a channel takes no new broadcast after one was stopped: encoders come back by themselves. */
export const restMs = 60_000

/** The rules of a channel's broadcasts, each command's in the order in which a person is told of them. */
export const decide: Decide<BroadcastCommand> = (command, state, context) => {
  if (isRecordingCommand(command)) return decideRecording(command, state, context)
  switch (command.type) {
    case 'IssueStreamKey':
      return issueStreamKey(command, state, context)
    case 'RevokeStreamKey':
      return revokeStreamKey(command, state, context)
    case 'RotateStreamKey':
      return rotateStreamKey(command, state, context)
    case 'AdmitEncoder':
      return admitEncoder(command, state, context)
    case 'StartBroadcast':
      return startBroadcast(command, state, context)
    case 'RenewLease':
      return renewLease(command, state, context)
    case 'EndSession':
      return endSession(command, state, context)
    case 'StopBroadcast':
      return stopBroadcast(command, state, context)
    case 'SetWarning':
      return setWarning(command, state, context)
    case 'EndDue':
      return endDue(command, state, context)
    case 'ChangeBroadcastInfo':
      return changeInfo(command, state, context)
  }
}

const accept = (events: readonly BroadcastDraft[], summary: Detail = {}): Decision<BroadcastDraft> => ({
  kind: 'accepted',
  events,
  summary,
})

type Ending = Pick<BroadcastDraftOf<'BroadcastEnded'>, 'reason'> & Partial<BroadcastDraftOf<'BroadcastEnded'>>

const ended = ({ broadcastId }: OpenBroadcast, ending: Ending): BroadcastDraft => ({
  type: 'BroadcastEnded',
  broadcastId,
  actor: null,
  restUntil: null,
  ...ending,
})

const issueStreamKey: Decide<BroadcastCommandOf<'IssueStreamKey'>> = (issue, state, context) => {
  const { keyId, expiresAt, label, purpose } = issue
  return (
    notAllowed('manage_stream_keys', context) ??
    keyExists(state, keyId) ??
    expiresAtOnce(expiresAt, context.at) ??
    unfitLabel(label) ??
    tooManyKeys(state) ??
    accept([{ type: 'StreamKeyIssued', actor: context.principal, keyId, expiresAt, label, purpose }])
  )
}

const revokeStreamKey: Decide<BroadcastCommandOf<'RevokeStreamKey'>> = ({ keyId }, state, context) => {
  const { principal: actor } = context
  const isUsed = state.open?.keyId === keyId
  return (
    notAllowed('manage_stream_keys', context) ??
    keyUnknown(state, keyId) ??
    accept([
      { type: 'StreamKeyRevoked', actor, keyId },
      ...(state.open && isUsed ? [ended(state.open, { reason: 'key_revoked', actor })] : []),
    ])
  )
}

/** An encoder that publishes goes on: who has the key anew returns to the same broadcast. */
const rotateStreamKey: Decide<BroadcastCommandOf<'RotateStreamKey'>> = ({ keyId }, state, context) =>
  notAllowed('manage_stream_keys', context) ??
  keyUnknown(state, keyId) ??
  accept([{ type: 'StreamKeyRotated', actor: context.principal, keyId }])

/** Nothing is shown of it yet, so that several may be let in at once: the first that sends something begins. */
const admitEncoder: Decide<BroadcastCommandOf<'AdmitEncoder'>> = (admit, state, context) => {
  const { keyId, sessionId, ownerId, addressHash, networkHash } = admit
  const isTest = isForTests(state, keyId)
  return (
    notIngest(context) ??
    keyUnknown(state, keyId) ??
    keyExpired(state, keyId, context.at) ??
    liveAlready(state, admit.takesOver, context.at) ??
    resting(state, context.at) ??
    accept(
      [
        { type: 'EncoderAdmitted', keyId, sessionId, ownerId, addressHash, networkHash },
        ...(isTest ? [{ type: 'EncoderTested', keyId, sessionId } as const] : []),
      ],
      { isTest },
    )
  )
}

const startBroadcast: Decide<BroadcastCommandOf<'StartBroadcast'>> = (start, state, context) => {
  const { at } = context
  return (
    notIngest(context) ??
    termOutOfRange('lease', start.leaseMs) ??
    termOutOfRange('grace', start.graceMs) ??
    keyUnknown(state, start.keyId) ??
    keyExpired(state, start.keyId, at) ??
    liveAlready(state, start.takesOver, at) ??
    resting(state, at) ??
    keyForTests(state, start.keyId) ??
    begin(start, state, at)
  )
}

/** The same key goes on with what was interrupted, or takes it over; another one begins anew. */
const begin = (start: BroadcastCommandOf<'StartBroadcast'>, state: Broadcasts, at: number) => {
  const { open, library } = state
  const { sessionId, keyId, origin, graceMs } = start
  const leaseUntil = at + start.leaseMs
  if (open?.keyId === keyId) {
    const { broadcastId } = open
    return accept([{ type: 'BroadcastResumed', broadcastId, sessionId, origin, leaseUntil }], {
      broadcastId,
      resumed: true,
      recorded: library.vods[broadcastId]?.isStopped === false,
    })
  }
  const { broadcastId, quotaBytes, retentionDays, clipRetentionDays } = start
  const recording = startRecording(state, { broadcastId, quotaBytes, retentionDays, clipRetentionDays })
  const isRecorded = recording.length > 0 && !recording.some(({ type }) => type === 'RecordingStopped')
  return accept(
    [
      ...(open ? [ended(open, { reason: 'replaced' })] : []),
      { type: 'BroadcastStarted', broadcastId, sessionId, keyId, origin, leaseUntil, graceMs },
      ...recording,
    ],
    { broadcastId, resumed: false, recorded: isRecorded },
  )
}

const renewLease: Decide<BroadcastCommandOf<'RenewLease'>> = ({ sessionId, leaseMs }, state, context) =>
  notIngest(context) ??
  termOutOfRange('lease', leaseMs) ??
  sessionOver(state, sessionId) ??
  ofOpen(state, ({ broadcastId }) => accept([{ type: 'LeaseRenewed', broadcastId, leaseUntil: context.at + leaseMs }]))

/** An encoder that says so wants to end; one that is lost has time to return. */
const endSession: Decide<BroadcastCommandOf<'EndSession'>> = ({ sessionId, cause }, state, context) =>
  notIngest(context) ??
  (cause === 'unpublished' ? spokenForByAnother(state, sessionId) : sessionOver(state, sessionId)) ??
  ofOpen(state, (open) =>
    accept([
      cause === 'unpublished'
        ? ended(open, { reason: 'unpublished' })
        : {
            type: 'BroadcastInterrupted',
            broadcastId: open.broadcastId,
            cause,
            graceUntil: context.at + open.graceMs,
          },
    ]),
  )

const stopBroadcast: Decide<BroadcastCommandOf<'StopBroadcast'>> = (_stop, state, context) =>
  notAllowed('stop_broadcasts', context) ??
  ofOpen(state, (open) =>
    accept([ended(open, { reason: 'stopped', actor: context.principal, restUntil: context.at + restMs })]),
  )

const setWarning: Decide<BroadcastCommandOf<'SetWarning'>> = ({ sessionId, warning, value }, state, context) =>
  notIngest(context) ??
  sessionOver(state, sessionId) ??
  ofOpen(state, ({ broadcastId, warnings }) => {
    if (value === null)
      return accept(warnings.includes(warning) ? [{ type: 'WarningCleared', broadcastId, warning }] : [])
    return accept(warnings.includes(warning) ? [] : [{ type: 'WarningAppeared', broadcastId, warning, value }])
  })

const changeInfo: Decide<BroadcastCommandOf<'ChangeBroadcastInfo'>> = (change, { open }, context) => {
  const { type: _, tags, ...info } = change
  const event: BroadcastDraft = {
    type: 'BroadcastInfoChanged',
    actor: context.principal,
    broadcastId: open?.broadcastId ?? null,
    ...info,
    tags: tags?.join(',') ?? null,
  }
  return (
    notAllowed('change_broadcast_info', context) ??
    unfitTitle(change) ??
    unfitCategory(change) ??
    unfitTags(change) ??
    unfitLanguage(change) ??
    accept([event])
  )
}

const endDue: Decide<BroadcastCommandOf<'EndDue'>> = ({ dueAt }, state, context) => {
  const refused = notClock(context)
  if (refused) return refused
  const at = Math.max(context.at, dueAt)
  const events = [...dueSession(state, at, context.at), ...dueRecordings(state, at)]
  return events.length === 0 ? reject('broadcast.nothing_due') : accept(events)
}

/** Nobody answers for the encoder any more, or it did not return in time. */
const dueSession = ({ open }: Broadcasts, by: number, at: number): readonly BroadcastDraft[] => {
  if (!open || open.until > by) return []
  if (open.isInterrupted) return [ended(open, { reason: 'grace_over' })]
  const { broadcastId, graceMs } = open
  return [{ type: 'BroadcastInterrupted', broadcastId, cause: 'lease_expired', graceUntil: at + graceMs }]
}

const ofOpen = (
  { open }: Broadcasts,
  decision: (open: OpenBroadcast) => Decision<BroadcastDraft>,
): Decision<BroadcastDraft> => (open ? decision(open) : reject('broadcast.not_live'))
