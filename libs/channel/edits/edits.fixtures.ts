import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { broadcaster, viewer } from '../channel.fixtures.ts'
import type { ChannelCommand } from '../commands.ts'

/** A message that is edited; the ids are those of the commands. */
export const editRun: readonly {
  readonly command: ChannelCommand
  readonly principal: string
  readonly afterMs: number
}[] = [
  {
    command: { type: 'SetMode', ...channelAbsent.SetMode, mode: 'edit_window', value: 60 },
    principal: broadcaster,
    afterMs: 1,
  },
  { command: { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' }, principal: viewer, afterMs: 1 },
  { command: { type: 'EditMessage', messageId: 'command-3', text: 'hello' }, principal: viewer, afterMs: 1 },
]
