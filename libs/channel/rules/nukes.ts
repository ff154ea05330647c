import type { Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { Nuke } from '../state/nukes.ts'
import type { Channel } from '../state.ts'

export const maxNuked = 500

/** Ids, numbers and authors belong together, one of each a message. */
export const nukeUnfit = ({
  messageIds,
  messageSeqs,
  members,
}: ChannelCommandOf<'NukeMessages'>): Rejection | undefined =>
  messageIds.length <= maxNuked && messageIds.length === messageSeqs.length && messageIds.length === members.length
    ? undefined
    : reject('channel.nuke_unfit', { max: maxNuked })

/** The nuke of that id, as long as it can be taken back. */
export const knownNuke = ({ nukes }: Channel, nukeId: string): Nuke | Rejection =>
  nukes.find(({ id }) => id === nukeId) ?? reject('channel.nuke_unknown')
