import type { DecideContext } from '#libs/journal/decider.ts'
import type { ChannelCommand } from '../commands.ts'

/** What an edge looks up of other channels for a command: their broadcasters, or whether one publishes its bans. */
export type ElsewhereAsked = { readonly ownersOf: readonly string[] } | { readonly publishes: string }

/**
 * What an edge has found: soft facts (I9), since no channel knows another's state. Where they are missing, or have
 * changed since, the other channel refuses what is carried to it (I17).
 */
export type ElsewhereFacts = {
  /** `channel:owner` of each that is there. */
  readonly owners?: string
  readonly publishes?: 'true' | 'false'
}

/** Undefined for most. */
export const elsewhereAsked = (command: ChannelCommand): ElsewhereAsked | undefined => {
  if (command.type === 'SubscribeBanList') return { publishes: command.source }
  if (command.type === 'SetChannelGroup' && command.channels.length > 0) return { ownersOf: command.channels }
  return undefined
}

export const ownersFact = (owners: Readonly<Record<string, string>>): Required<Pick<ElsewhereFacts, 'owners'>> => ({
  owners: Object.entries(owners)
    .map(([channel, owner]) => `${channel}:${owner}`)
    .join(' '),
})

type Facts = Pick<DecideContext, 'facts'>

/** Whether the edge has found that one of these channels is not this person's, or not there at all. */
export const isForeign = (channels: readonly string[], ownerId: string, { facts }: Facts): boolean => {
  if (facts.owners === undefined) return false
  const found = new Set(facts.owners.split(' '))
  return channels.some((channel) => !found.has(`${channel}:${ownerId}`))
}

/** Whether the edge has found that the other channel publishes no bans. */
export const isUnpublished = ({ facts }: Facts): boolean => facts.publishes === 'false'
