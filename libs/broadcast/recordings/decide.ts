import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import type { BroadcastCommand, BroadcastCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { BroadcastDraft } from '../events.ts'
import { notAllowed, notIngest } from '../rules/senders.ts'
import type { Broadcasts } from '../state.ts'
import { dueClips, dueVods, type Vod } from './library.ts'
import { percentUsed, quotaEvents } from './quota.ts'
import { retentionUnsaid } from './retention-facts.ts'
import {
  clipExists,
  clipOutOfRange,
  clipUnknown,
  maxVods,
  notClipper,
  notOfClip,
  recordingOver,
  retentionOutOfRange,
  stillRecording,
  titleOutOfRange,
  tooManyClips,
  vodUnknown,
} from './rules.ts'

type Decide<Command> = (command: Command, state: Broadcasts, context: DecideContext) => Decision<BroadcastDraft>

const types = [
  'ReportRecording',
  'FinishRecording',
  'SealRecording',
  'ChangeRecordings',
  'ChangeVod',
  'DeleteVod',
  'MakeClip',
  'FinishClip',
  'DeleteClip',
] as const

/** The commands that concern what is kept of broadcasts. */
export type RecordingCommand = BroadcastCommandOf<(typeof types)[number]>

export const isRecordingCommand = (command: BroadcastCommand): command is RecordingCommand =>
  (types as readonly string[]).includes(command.type)

/** The rules of what a channel keeps. */
export const decideRecording: Decide<RecordingCommand> = (command, state, context) => {
  switch (command.type) {
    case 'ReportRecording':
      return reportRecording(command, state, context)
    case 'FinishRecording':
      return finishRecording(command, state, context)
    case 'SealRecording':
      return sealRecording(command, state, context)
    case 'ChangeRecordings':
      return changeRecordings(command, state, context)
    case 'ChangeVod':
      return changeVod(command, state, context)
    case 'DeleteVod':
      return deleteVod(command, state, context)
    case 'MakeClip':
      return makeClip(command, state, context)
    case 'FinishClip':
      return finishClip(command, state, context)
    case 'DeleteClip':
      return deleteClip(command, state, context)
  }
}

const accept = (...events: readonly BroadcastDraft[]): Decision<BroadcastDraft> => ({
  kind: 'accepted',
  events,
  summary: {},
})

const ofVod = (
  { library }: Broadcasts,
  vodId: string,
  decision: (vod: Vod) => Decision<BroadcastDraft>,
): Decision<BroadcastDraft> => {
  const vod = library.vods[vodId]
  return vod ? decision(vod) : reject('broadcast.vod_unknown')
}

/** What a broadcast that begins is recorded by: nothing, where the channel wants none or keeps too many already. */
export const startRecording = (
  { library }: Broadcasts,
  start: Pick<
    BroadcastCommandOf<'StartBroadcast'>,
    'broadcastId' | 'quotaBytes' | 'retentionDays' | 'clipRetentionDays'
  >,
): readonly BroadcastDraft[] => {
  if (!library.isOn || Object.keys(library.vods).length >= maxVods) return []
  const percent = percentUsed(library, start.quotaBytes, 0)
  const { visibility, audience } = library
  return [{ type: 'RecordingStarted', ...start, visibility, audience }, ...quotaEvents(start.broadcastId, percent, [])]
}

const reportRecording: Decide<BroadcastCommandOf<'ReportRecording'>> = (report, state, context) =>
  notIngest(context) ??
  recordingOver(state.library, report.broadcastId) ??
  ofVod(state, report.broadcastId, (vod) => {
    const { broadcastId, take, bytes, lostMs } = report
    const before = vod.takes[take] ?? { bytes: 0, lostMs: 0 }
    const warnings = state.open?.broadcastId === broadcastId ? state.open.warnings : undefined
    const percent = percentUsed(state.library, vod.quotaBytes, bytes - before.bytes)
    return accept(
      { ...report, type: 'RecordingReported' },
      ...lossEvents(broadcastId, lostMs - before.lostMs, warnings),
      ...(warnings && !vod.isStopped ? quotaEvents(broadcastId, percent, warnings) : []),
    )
  })

/** Told when it happens, and cleared by the first report without a loss. */
const lossEvents = (
  broadcastId: string,
  lostMs: number,
  warnings: readonly string[] | undefined,
): readonly BroadcastDraft[] => {
  const warning = 'recording_lost'
  if (!warnings || lostMs > 0 === warnings.includes(warning)) return []
  return lostMs > 0
    ? [{ type: 'WarningAppeared', broadcastId, warning, value: lostMs }]
    : [{ type: 'WarningCleared', broadcastId, warning }]
}

const finishRecording: Decide<BroadcastCommandOf<'FinishRecording'>> = ({ broadcastId }, state, context) =>
  notIngest(context) ??
  recordingOver(state.library, broadcastId) ??
  ofVod(state, broadcastId, ({ endedAt }) =>
    endedAt === null
      ? reject('broadcast.still_recording')
      : accept({ type: 'RecordingFinished', broadcastId, cause: 'whole' }),
  )

const sealRecording: Decide<BroadcastCommandOf<'SealRecording'>> = (seal, state, context) =>
  notIngest(context) ??
  ofVod(state, seal.broadcastId, (vod) => {
    if (!vod.isFinished) return reject('broadcast.still_recording')
    return vod.isSealed ? reject('broadcast.recording_over') : accept({ ...seal, type: 'RecordingSealed' })
  })

const changeRecordings: Decide<BroadcastCommandOf<'ChangeRecordings'>> = (change, { library }, context) => {
  const { retentionDays, clipRetentionDays } = retentionUnsaid(library, context.facts)
  return (
    notAllowed('manage_recordings', context) ??
    (change.quotaBytes === null ? undefined : notAllowed('set_quotas', context)) ??
    retentionOutOfRange(change.retentionDays) ??
    retentionOutOfRange(change.clipRetentionDays) ??
    accept({
      type: 'RecordingsChanged',
      actor: context.principal,
      isOn: change.isOn ?? library.isOn,
      retentionDays: change.retentionDays ?? retentionDays,
      clipRetentionDays: change.clipRetentionDays ?? clipRetentionDays,
      quotaBytes: change.quotaBytes === null ? library.quotaBytes : change.quotaBytes || null,
    })
  )
}

const changeVod: Decide<BroadcastCommandOf<'ChangeVod'>> = (change, state, context) =>
  notAllowed('manage_recordings', context) ??
  vodUnknown(state.library, change.vodId) ??
  titleOutOfRange(change.title) ??
  accept({ ...change, type: 'VodChanged', actor: context.principal })

const deleteVod: Decide<BroadcastCommandOf<'DeleteVod'>> = ({ vodId }, state, context) =>
  notAllowed('manage_recordings', context) ??
  ofVod(
    state,
    vodId,
    (vod) => stillRecording(vod) ?? accept({ type: 'VodDeleted', vodId, actor: context.principal, reason: 'asked' }),
  )

const makeClip: Decide<BroadcastCommandOf<'MakeClip'>> = (clip, state, context) =>
  ofVod(
    state,
    clip.vodId,
    (vod) =>
      notClipper(vod, context) ??
      clipExists(state.library, clip.clipId) ??
      tooManyClips(state.library) ??
      titleOutOfRange(clip.title) ??
      clipOutOfRange(clip, vod, context) ??
      accept({ ...clip, type: 'ClipRequested', actor: context.principal }),
  )

const finishClip: Decide<BroadcastCommandOf<'FinishClip'>> = ({ clipId, bytes, durationMs, problem }, state, context) =>
  notIngest(context) ??
  clipUnknown(state.library, clipId) ??
  accept(problem === null ? { type: 'ClipMade', clipId, bytes, durationMs } : { type: 'ClipFailed', clipId, problem })

const deleteClip: Decide<BroadcastCommandOf<'DeleteClip'>> = ({ clipId }, { library }, context) => {
  const clip = library.clips[clipId]
  if (!clip) return reject('broadcast.clip_unknown')
  return notOfClip(clip, context) ?? accept({ type: 'ClipDeleted', clipId, actor: context.principal })
}

/** At most so many recordings and clips in one record. */
const AT_ONCE = 100

/** What the time has come for: the last of a recording is waited for no longer, or it has been kept for long enough. */
export const dueRecordings = ({ library }: Broadcasts, by: number): readonly BroadcastDraft[] => {
  const ofVods = dueVods(library, by).map(
    ([vodId, { isFinished }]): BroadcastDraft =>
      isFinished
        ? { type: 'VodDeleted', vodId, actor: null, reason: 'retention' }
        : { type: 'RecordingFinished', broadcastId: vodId, cause: 'overdue' },
  )
  const ofClips = dueClips(library, by).map((clipId): BroadcastDraft => ({ type: 'ClipExpired', clipId }))
  return [...ofVods, ...ofClips].slice(0, AT_ONCE)
}
