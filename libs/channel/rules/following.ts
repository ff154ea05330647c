import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import type { Channel } from '../state.ts'

/** Who follows since when is a soft fact (I9), which the edge stamps: a channel may have more followers than it can hold. */
export const followsAlready = ({ facts }: DecideContext): Rejection | undefined =>
  facts.followedAt === undefined ? undefined : reject('channel.follows_already')

export const followsNot = ({ facts }: DecideContext): Rejection | undefined =>
  facts.followedAt === undefined ? reject('channel.follows_not') : undefined

export const ownChannel = (channel: Channel, principal: string): Rejection | undefined =>
  channel.ownerId === principal ? reject('channel.own_channel') : undefined
