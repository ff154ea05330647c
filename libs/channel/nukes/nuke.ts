import type { Submitted } from '#libs/http/command.ts'
import type { Once } from '#libs/http/once.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { NukeBody } from '#libs/protocols/native/nukes.ts'
import type { Term } from '../casework/blocked-terms.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { sweepOf } from '../follow-up.ts'
import type { ChannelReads, RecentMessage } from '../reads/views.ts'
import { nukeCommand, PatternUnfit, type Struck, searchRecent } from './search.ts'

/** What a nuke stands on, whichever door it comes through. */
export type NukeEdge = {
  /** What a nuke would strike, as `findNuked`. */
  readonly search: (channelId: string, nuke: NukeBody) => Promise<readonly RecentMessage[]>
  readonly once: Once
  /** Until a projection has come so far; rejects where it does not in time. */
  readonly waitForPosition: (projection: string, position: string) => Promise<void>
}

type Asked = {
  readonly commandId: string
  readonly caller: { readonly accountId: string }
}

/** Sends the command by that id. Throws its rejection as a problem. */
type Send = (command: ChannelCommandOf<'NukeMessages'>, commandId: string) => Promise<Submitted>

const termIn = ({ text, match }: NukeBody): Term => ({ term: text, match })

/** What it would strike, the latest first. Throws `channel.pattern_unfit`. */
export const findNuked = async (
  { reads, now }: { readonly reads: Pick<ChannelReads, 'recent'>; readonly now: () => number },
  channelId: string,
  nuke: NukeBody,
): Promise<readonly RecentMessage[]> => {
  try {
    return await searchRecent(reads, channelId, { ...termIn(nuke), withinMs: nuke.withinMs }, now())
  } catch (error) {
    if (error instanceof PatternUnfit) throw new HttpProblem('channel.pattern_unfit', { detail: error.detail })
    throw error
  }
}

const commandOf = (nuke: NukeBody, found: readonly Struck[]) =>
  nukeCommand(found, nuke, nuke.block ? termIn(nuke) : null)

/** All that is left may be out of the sender's reach, or was swept when the nuke came first; the nuke itself is done. */
const nothingLeft = (error: unknown): undefined => {
  const done = ['channel.nothing_to_nuke', 'command.id_reused']
  if (error instanceof HttpProblem && done.includes(error.code)) return undefined
  throw error
}

/**
 * What was posted between the search and the decision. Nobody says it from the decision on, so one more look finds the
 * rest; where the read model does not get there in time, what is left is for another nuke.
 */
const sweep = async (
  edge: NukeEdge,
  commandId: string,
  channelId: string,
  nuke: NukeBody,
  position: string,
  send: Send,
): Promise<void> => {
  const behind = await edge.waitForPosition('messages', position).then(
    () => false,
    () => true,
  )
  const found = behind ? [] : await edge.search(channelId, nuke)
  if (found.length > 0) await send(commandOf(nuke, found), sweepOf(commandId)).catch(nothingLeft)
}

/**
 * Strikes what the read model of messages has now, and what is posted until it is decided. Sent again with the same id it
 * strikes what was found the first time. Throws what `send` throws, `channel.nothing_to_nuke`, `channel.pattern_unfit`.
 */
export const nukeMessages = (
  edge: NukeEdge,
  asked: Asked,
  channelId: string,
  nuke: NukeBody,
  send: Send,
): Promise<Submitted> => {
  const { commandId } = asked
  const find = async (): Promise<{ readonly found: readonly Struck[] }> => {
    const found = await edge.search(channelId, nuke)
    if (found.length === 0) throw new HttpProblem('channel.nothing_to_nuke')
    return { found: found.map(({ messageId, seq, authorId }) => ({ messageId, seq, authorId })) }
  }
  return edge.once(asked, ['nuke', channelId, nuke], find, async ({ found }) => {
    const submitted = await send(commandOf(nuke, found), commandId)
    if (submitted.kind === 'accepted' && nuke.block)
      await sweep(edge, commandId, channelId, nuke, submitted.position, send)
    return submitted
  })
}
