import { createLru } from '#libs/vault/lru.ts'

/** Where names are asked for. */
export type Names = {
  /** The handles of accounts by id; null once they are erased, and those that are not there are not in the answer. */
  readonly handles: (accountIds: readonly string[]) => Promise<ReadonlyMap<string, string | null>>
  /** The id of the channel that goes by a slug, or by its owner's handle. */
  readonly channel: (name: string) => Promise<string | undefined>
}

/** Nicknames by account: the handle in lower case, which never changes while the account is there. */
export type People = {
  /** Asks for those that are not known. Never rejects, and takes a second at most. */
  readonly learn: (accountIds: Iterable<string>) => Promise<void>
  readonly knows: (accountId: string) => boolean
  /** A name made of the id, which no handle can be, where the handle is not known. */
  readonly nickOf: (accountId: string) => string
  readonly forget: (accountId: string) => void
}

const REMEMBERED = 100_000
const PATIENCE_MS = 1000
/** After an answer that did not come, names are not asked for again so soon: messages would wait for each. */
const AWAY_MS = 2000

export const createPeople = (
  names: Pick<Names, 'handles'>,
  options: { readonly onError: (error: unknown) => void; readonly now?: () => number },
): People => {
  const { onError, now = Date.now } = options
  const nicks = createLru<string>(REMEMBERED)
  let askAfter = 0

  const standIn = (accountId: string) => `id-${accountId}`

  const ask = async (accountIds: readonly string[]): Promise<void> => {
    const handles = await names.handles(accountIds)
    for (const [accountId, handle] of handles) nicks.set(accountId, handle?.toLowerCase() ?? standIn(accountId))
  }

  const learn = async (accountIds: Iterable<string>): Promise<void> => {
    const unknown = [...new Set(accountIds)].filter((accountId) => nicks.get(accountId) === undefined)
    if (unknown.length === 0 || now() < askAfter) return
    const patience = Promise.withResolvers<void>()
    const late = setTimeout(() => patience.reject(new Error('names did not come in time')), PATIENCE_MS)
    try {
      await Promise.race([ask(unknown), patience.promise])
    } catch (error) {
      askAfter = now() + AWAY_MS
      onError(error)
    } finally {
      clearTimeout(late)
    }
  }

  return {
    learn,
    knows: (accountId) => nicks.get(accountId) !== undefined || now() < askAfter,
    nickOf: (accountId) => nicks.get(accountId) ?? standIn(accountId),
    forget: (accountId) => nicks.set(accountId, standIn(accountId)),
  }
}
