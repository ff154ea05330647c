import { auditProjection } from '#libs/audit/projections/audit.ts'
import { broadcastsProjection } from '#libs/broadcast/projections/broadcasts.ts'
import { vodsProjection } from '#libs/broadcast/projections/vods.ts'
import { caseworkProjection } from '#libs/channel/projections/casework.ts'
import { channelsProjection } from '#libs/channel/projections/channels.ts'
import { emotesProjection } from '#libs/channel/projections/emotes.ts'
import { messagesProjection } from '#libs/channel/projections/messages.ts'
import { policiesProjection } from '#libs/channel/projections/policies.ts'
import { searchProjection } from '#libs/channel/projections/search.ts'
import { whispersProjection } from '#libs/conversation/projections/whispers.ts'
import { accountsProjection } from '#libs/identity/projections/accounts.ts'
import { addressBansProjection } from '#libs/identity/projections/address-bans.ts'
import type { ReaderKeys } from '#libs/readmodel/erased.ts'
import { outcomesProjection } from '#libs/readmodel/outcomes.ts'
import type { Projection } from '#libs/readmodel/projection.ts'

/** Every read model there is. A new one is one line here. */
export const projectionsOf = (keys: ReaderKeys): readonly Projection[] => [
  accountsProjection(keys),
  addressBansProjection(keys),
  channelsProjection(keys),
  caseworkProjection(keys),
  messagesProjection(keys),
  emotesProjection,
  searchProjection(keys),
  policiesProjection,
  broadcastsProjection(keys),
  vodsProjection(keys),
  whispersProjection(keys),
  auditProjection,
  outcomesProjection,
]

const noKeys = (): never => {
  throw new Error('there are no keys where only names are asked for')
}

/** What each is called on a command line. */
export const projectionNames: readonly string[] = projectionsOf({
  prefetch: noKeys,
  open: noKeys,
  forget: noKeys,
}).map(({ name }) => name)
