import { attachmentsManager } from '#libs/channel/attachments/manager.ts'
import { channelsManager } from '#libs/channel/casework/managers.ts'
import { slugsManager } from '#libs/channel/ownership/slugs.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { inboxes, whispers } from '#libs/conversation/managers.ts'
import { handlesManager } from '#libs/identity/managers.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { commandManager, effectManager, type Manager } from '#libs/readmodel/manager.ts'
import type { OpenReader } from '#libs/readmodel/share.ts'
import { dropFactor, dropFactors } from '#libs/vault/factors.ts'
import type { Vault } from '#libs/vault/vault.ts'
import { picturesManager } from './pictures.ts'

/** Destroys a person's key, credentials and sessions once their erasure stands in the journal. */
const erasureManager = (
  vault: Pick<
    Vault,
    | 'keys'
    | 'credentials'
    | 'sessions'
    | 'factors'
    | 'knownDevices'
    | 'oneTime'
    | 'registrations'
    | 'requests'
    | 'accessTokens'
    | 'streamKeys'
    | 'sightings'
  >,
): Manager =>
  effectManager({
    name: 'erasure',
    family: 'account',
    codecs: codecs.account,
    types: ['AccountErased'],
    effect: (event) =>
      event.type !== 'AccountErased'
        ? undefined
        : async () => {
            await vault.keys.erase(event.accountId)
            await vault.credentials.remove(event.accountId)
            await vault.sessions.closeAll(event.accountId)
            await vault.oneTime.drop(event.accountId)
            await vault.registrations.drop(event.accountId)
            await vault.requests.drop(event.accountId)
            await vault.accessTokens.dropAll(event.accountId)
            await vault.sightings.drop(event.accountId)
            await dropFactors(vault.factors, event.accountId)
            await vault.knownDevices.drop(event.accountId)
            // Their own channel has the id of the account.
            await vault.streamKeys.dropAll(event.accountId)
          },
  })

/**
 * Takes factors away that were removed, whatever became of the request, and all of an account once the wait for a reset is
 * over.
 */
export const factorsManager = (vault: Pick<Vault, 'factors'>): Manager =>
  effectManager({
    name: 'factors',
    family: 'account',
    codecs: codecs.account,
    types: ['FactorsReset', 'FactorRemoved'],
    effect: (event) => {
      if (event.type === 'FactorRemoved') return () => dropFactor(vault.factors, event.accountId, event)
      return event.type === 'FactorsReset' ? () => dropFactors(vault.factors, event.accountId) : undefined
    },
  })

/** Clocks of edges, by which sessions are opened, and of owners may differ by so much. */
const SLACK_MS = 60_000

/**
 * While an account is suspended its tokens for programs are refused, by edges too that start in the meantime. A session that
 * was opened while the suspension was on its way ends as well: whoever is restored logs in again.
 */
const suspensionsManager = (vault: Pick<Vault, 'accessTokens' | 'sessions'>): Manager =>
  effectManager({
    name: 'suspensions',
    family: 'account',
    codecs: codecs.account,
    types: ['AccountSuspended', 'AccountRestored'],
    effect: (event, { at }) => {
      if (event.type === 'AccountSuspended')
        return async () => {
          await vault.accessTokens.block(event.accountId, event.until)
          await vault.sessions.closeAll(event.accountId, at + SLACK_MS)
        }
      return event.type === 'AccountRestored' ? () => vault.accessTokens.unblock(event.accountId) : undefined
    },
  })

/** The keys of a channel's encoders go with its broadcaster. */
const transfersManager = (vault: Pick<Vault, 'streamKeys'>): Manager =>
  effectManager({
    name: 'transfers',
    family: 'channel',
    codecs: codecs.channel,
    types: ['ChannelTransferred'],
    effect: (event) =>
      event.type === 'ChannelTransferred' ? () => vault.streamKeys.dropAll(event.channelId) : undefined,
  })

/** Every process manager there is. A new one is one line here. */
export const managersOf = (
  vault: Vault,
  gateway: Pick<CommandGateway, 'submit'>,
  openReader: OpenReader,
  objects: ObjectStore,
): readonly Manager[] => [
  commandManager({ rules: handlesManager, codecs: codecs.account, keys: vault.keys, gateway, openReader }),
  commandManager({ rules: inboxes, codecs: codecs.account, keys: vault.keys, gateway, openReader }),
  commandManager({ rules: whispers, codecs: codecs.conversation, keys: vault.keys, gateway, openReader }),
  commandManager({ rules: channelsManager, codecs: codecs.channel, keys: vault.keys, gateway, openReader }),
  commandManager({ rules: slugsManager, codecs: codecs.channel, keys: vault.keys, gateway, openReader }),
  erasureManager(vault),
  transfersManager(vault),
  suspensionsManager(vault),
  picturesManager(objects),
  attachmentsManager(objects),
  factorsManager(vault),
]
