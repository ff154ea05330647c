import { addressKeys } from '#libs/addresses/keys.ts'
import type { BroadcastEvent } from '#libs/broadcast/events.ts'
import type { Refusal } from '#libs/broadcast/refusal.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Hashes, Vault } from '#libs/vault/vault.ts'
import type { MediaLimits } from '../limits.ts'
import type { Admit, Admission as Admitted, PublishEnd, Refused } from '../rtmp/publisher.ts'
import type { Sender } from '../sender.ts'
import { createTests, type TestsOptions } from './encoder-tests.ts'
import { createEntrance } from './entrance.ts'
import type { Entrant } from './entrant.ts'
import { refusalWords, refuse } from './refusals.ts'

export type AdmissionOptions = Pick<TestsOptions, 'onHealth' | 'logger'> & {
  readonly streamKeys: Pick<Vault['streamKeys'], 'find'>
  readonly hashes: Pick<Hashes, 'compare'>
  readonly send: Sender['send']
  readonly limits: MediaLimits
  /** Whose the channel is, or why they may not broadcast, as a code; rejects while that is not known. */
  readonly ownerOf: (channelId: string) => Promise<{ readonly ownerId: string } | { readonly barred: string }>
  /** An encoder that has a key of the channel is not let in, or let go over what it sent. */
  readonly onRefused: (channelId: string, refusal: Omit<Refusal, 'at'>) => void
  /** Whether a second encoder takes over from one that publishes. */
  readonly takesOver: boolean
  /** There is something to show of somebody, who may have been cut since: begins, or says by a code why not. */
  readonly begin: (entrant: Entrant, over: AbortSignal) => Promise<Admitted | { readonly rejected: string }>
  readonly now: () => number
}

/** Lets encoders in by their stream keys, up to the first that there is to show of them. */
export type Admission = {
  readonly admit: Admit
  /** What somebody sent was no good. */
  readonly tellWrong: (channelId: string, wrong: Refused) => void
  /** What the journal says of a channel's broadcasts, in its order. */
  readonly observe: (channelId: string, event: BroadcastEvent) => void
  /** Whoever is suspended is let go. */
  readonly cutOwner: (ownerId: string) => void
}

export const createAdmission = (options: AdmissionOptions): Admission => {
  const { streamKeys, hashes, send, limits, ownerOf, onRefused, takesOver, begin, now } = options
  /** Those who were let in, and of whom there is nothing to show yet. */
  const entering = new Set<Entrant>()

  /** Whoever has a key of the channel is its broadcaster, who may look at the page rather than at the encoder. */
  const refuseKnown = (channelId: string, code: string): { readonly refused: string } => {
    onRefused(channelId, { code, words: refusalWords(code) })
    return refuse(code)
  }

  const tellWrong: Admission['tellWrong'] = (channelId, { code, message: words }) => {
    meters().encodersRefused.add(1, { reason: 'media' })
    onRefused(channelId, { code, words })
  }

  const tests = createTests({ ...options, tellWrong })

  const enter = (admitted: Entrant): Admitted => {
    const { channelId } = admitted
    const over = new AbortController()
    // What is cut is still read for a moment.
    const cut = (reason: string): void => {
      if (over.signal.aborted) return
      over.abort()
      entering.delete(entrant)
      admitted.cut(reason)
    }
    const entrant: Entrant = { ...admitted, cut }
    entering.add(entrant)
    const open = async (): Promise<Admitted> => {
      const begun = await begin(entrant, over.signal).finally(() => entering.delete(entrant))
      return 'rejected' in begun ? refuseKnown(channelId, begun.rejected) : begun
    }
    const onGone = (why: PublishEnd, wrong?: Refused): void => {
      entering.delete(entrant)
      if (wrong) tellWrong(channelId, wrong)
      if (why === 'silent') refuseKnown(channelId, 'media.missing')
    }
    const onMissing = (): void => cut(refuseKnown(channelId, 'media.missing').refused)
    return { intake: createEntrance({ limits, open, over: over.signal, cut, onMissing, onGone }) }
  }

  const admit: Admit = async ({ name, address }, cut) => {
    const [secret = ''] = name.split('?')
    const key = await streamKeys.find(secret).catch(() => null)
    if (key === null) return refuse('platform.unavailable')
    if (!key) return refuse('broadcast.key_unknown')
    const { channelId, keyId } = key
    if (key.expiresAt !== null && key.expiresAt <= now()) return refuseKnown(channelId, 'broadcast.key_expired')
    const owner = await ownerOf(channelId).catch(() => ({ barred: 'platform.unavailable' }))
    if ('barred' in owner) return refuseKnown(channelId, owner.barred)
    const { ownerId } = owner
    const entrant = { channelId, keyId, sessionId: uuidv7(), ownerId, cut }
    const from = addressKeys(hashes, address)
    const answer = await send(channelId, {
      type: 'AdmitEncoder',
      sessionId: entrant.sessionId,
      keyId,
      ownerId,
      takesOver,
      addressHash: from?.address ?? null,
      networkHash: from?.network ?? null,
    }).catch(() => undefined)
    if (answer?.kind === 'rejected') return refuseKnown(channelId, answer.code)
    if (!answer) return refuseKnown(channelId, 'platform.unavailable')
    return answer.summary.isTest === true ? tests.begin(entrant) : enter(entrant)
  }

  return {
    admit,
    tellWrong,
    observe: tests.observe,
    cutOwner: (ownerId) => {
      for (const { channelId, ownerId: owner, cut } of [...tests.all(), ...entering])
        if (owner === ownerId) cut(refuseKnown(channelId, 'owner.suspended').refused)
    },
  }
}
