import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import { type LaneFrame, skipFrame } from './frames/lane-frame.ts'
import { moderationFrame } from './frames/moderation.ts'
import { bodyOf, hiddenBy, onlyFor, subjectOf } from './frames/public.ts'

/** An event that has a number in one of the lanes. */
export type NumberedEvent = Extract<Opened<ChannelEvent>, { readonly seq: number } | { readonly moderationSeq: number }>

export const isNumbered = (event: Opened<ChannelEvent>): event is NumberedEvent =>
  'seq' in event || 'moderationSeq' in event

/** The frame of one opened event. `commandId` is the id of the command that it came of, and so of its message. */
export const laneFrame = (channel: string, event: NumberedEvent, at: number, commandId: string): LaneFrame => {
  if ('moderationSeq' in event) return moderationFrame(channel, event, at, commandId)
  const body = bodyOf(event, commandId)
  const subject = subjectOf(event)
  const only = onlyFor(event)
  const hides = hiddenBy(event)
  return {
    lane: 'public',
    number: event.seq,
    frame: body ? { type: 'event', channel, seq: event.seq, at, event: body } : skipFrame(channel, event.seq),
    ...(subject !== undefined && { subject }),
    ...(only !== undefined && { only }),
    ...(hides && { hides }),
    ...(body?.kind === 'message-edited' && {
      edits: { number: body.messageSeq, at, text: body.text, entities: body.entities },
    }),
    ...(event.type === 'MessagesRestored' && { restores: true }),
  }
}
