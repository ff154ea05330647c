import { setTimeout as sleep } from 'node:timers/promises'
import { codecs } from '#libs/contracts/codecs.ts'
import { submitted } from '#libs/http/command.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { derivedId } from '#libs/journal/command.ts'
import { type CommandGateway, GatewayBusy } from '#libs/journal/gateway.ts'
import type { ImportedLine, Imports } from '#libs/vault/imports.ts'
import type { Vault } from '#libs/vault/vault.ts'
import { namesOf } from '../claim.ts'
import type { IdentityCommand } from '../commands.ts'
import { type AccountReads, handleKey, type IdentityEdge, nameKey } from '../http/edge.ts'
import { within } from '../opened.ts'
import type { ReadRecord } from './read.ts'
import { accountOf, type ImportedAccount } from './record.ts'

/** What an import stands on. */
export type ImportEdge = {
  readonly gateway: Pick<CommandGateway, 'submit'>
  readonly vault: Pick<Vault, 'hashes'> & { readonly imports: Imports }
  readonly opening: IdentityEdge['opening']
  readonly reads: Pick<AccountReads, 'account'>
  readonly now: () => number
}

export type ImportCounts = { readonly imported: number; readonly already: number; readonly refused: number }

export type ImportOptions = {
  /** The same for the same file, so that a second run goes on. */
  readonly importId: string
  readonly records: AsyncIterable<ReadRecord>
  /** Told of each line that is not taken. */
  readonly onRefused: (line: number, reason: string) => void
  readonly onProgress?: (counts: ImportCounts) => void
  readonly signal?: AbortSignal
  /** Accounts under way at once, 3,000 by default. */
  readonly inFlight?: number
  /** Without any outcome for so long it gives up; a second run goes on. */
  readonly stalledMs?: number
}

/** The journal said nothing: no decider or no projector runs. */
export class ImportStalled extends Error {
  readonly code = 'identity.import_stalled'
}

const batchLines = 500
const busyMs = 20

/** So often it is looked up whether an account is open that the journal says nothing of. */
const lookMs = 5_000

type Checked = { readonly line: number; readonly account: ImportedAccount }

/** Groups what comes, in order. */
async function* inBatches<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<readonly Item[]> {
  let batch: Item[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/**
 * Opens the accounts of a file: for each its secrets into the vault first, then names and handle are claimed as in a
 * registration, by the system. Thousands are under way at once.
 *
 * A command's id follows from the account's, which the vault keeps by the line, so a run that goes on where another was
 * cut off sends what was decided already once more and is told the same outcome. A line that was refused is tried anew.
 */
export const importAccounts = async (edge: ImportEdge, options: ImportOptions): Promise<ImportCounts> => {
  const { importId, records, onRefused, onProgress, inFlight = 3_000, stalledMs = 60_000 } = options
  const { imports } = edge.vault
  const counts = { imported: 0, already: 0, refused: 0 }
  const failed = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal
  const underWay = new Set<Promise<void>>()
  let finished: number[] = []
  let heardAt = performance.now()

  const refuse = (line: number, reason: string): void => {
    counts.refused += 1
    onRefused(line, reason)
  }

  const settle = async (least: number): Promise<void> => {
    if (finished.length < least) return
    const lines = finished
    finished = []
    await imports.finish(importId, lines)
    onProgress?.({ ...counts })
  }

  /** Sends until the journal says what came of it; throws its rejection. */
  const decide = async (accountId: string, key: string, index: number, command: IdentityCommand): Promise<void> => {
    const { type, version, bytes } = codecs.account.encodeCommand(command)
    const source = { name: `import/${importId}`, partition: 0, n: Number(accountId) }
    const id = derivedId(source.name, source.partition, source.n, index)
    const sent = { family: 'account', key, id, principal: 'system', type, version, payload: bytes, facts: {} } as const
    for (;;) {
      signal.throwIfAborted()
      const record = await edge.gateway.submit({ ...sent, manager: source }).catch(async (error: unknown) => {
        if (!(error instanceof GatewayBusy)) throw error
        await sleep(busyMs)
      })
      if (record) {
        heardAt = performance.now()
        submitted(record)
        return
      }
      if (performance.now() - heardAt > stalledMs)
        throw new ImportStalled('Nothing was decided for a while: see that deciders and projectors run, and go on.')
    }
  }

  /** Waits for the process manager. Of a run before the journal may have said it already: then it stands in the read model. */
  const opened = async (accountId: string, opening: ReturnType<ImportEdge['opening']>): Promise<void> => {
    for (;;) {
      signal.throwIfAborted()
      const outcome = await within(opening, lookMs)
      if (outcome?.kind === 'released') throw new HttpProblem('identity.handle_released')
      if (outcome || (await edge.reads.account(accountId))) {
        heardAt = performance.now()
        return
      }
      if (performance.now() - heardAt > stalledMs) throw new ImportStalled('No account was opened for a while.')
    }
  }

  const claim = async ({ accountId }: ImportedLine, account: ImportedAccount): Promise<void> => {
    const { handle, displayName, email, createdAt } = account
    const keys = { nameKey: nameKey(edge.vault, handle), displayNameKey: nameKey(edge.vault, displayName) }
    const claimedKey = handleKey(edge.vault, handle)
    const names = namesOf({ key: keys.nameKey, handleKey: claimedKey }, keys.displayNameKey)
    const reserved: string[] = []
    const given = new AbortController()
    try {
      for (const [index, name] of names.entries()) {
        const reserve = { type: 'ReserveName', holderId: accountId, handleKey: name.handleKey } as const
        await decide(accountId, name.key, index, reserve)
        reserved.push(name.key)
      }
      const opening = edge.opening(accountId, given.signal)
      await decide(accountId, claimedKey, 2, {
        type: 'ClaimHandle',
        handle,
        holderKind: 'account',
        holderId: accountId,
        ownerId: accountId,
        displayName,
        email,
        platformRole: 'user',
        termsVersion: null,
        invitedBy: null,
        previousKey: null,
        createdAt,
        ...keys,
      })
      await opened(accountId, opening)
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error
      // What cannot be given back now ends by itself.
      const back = { type: 'EndNameReservation', holderId: accountId } as const
      await Promise.allSettled(reserved.map((name, index) => decide(accountId, name, 3 + index, back)))
      throw error
    } finally {
      given.abort('decided')
    }
  }

  const run = async (begun: ImportedLine, account: ImportedAccount): Promise<void> => {
    try {
      await claim(begun, account)
      counts.imported += 1
      finished.push(begun.line)
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error
      await imports.abandon(importId, begun)
      refuse(begun.line, error.code)
    }
  }

  const start = (begun: ImportedLine, account: ImportedAccount): void => {
    const running: Promise<void> = run(begun, account)
      .catch((error: unknown) => failed.abort(error))
      .finally(() => underWay.delete(running))
    underWay.add(running)
  }

  const check = (batch: readonly ReadRecord[]): readonly Checked[] =>
    batch.flatMap((read) => {
      const account = 'problem' in read ? read.problem : accountOf(read.record, edge.now())
      if (typeof account !== 'string') return [{ line: read.line, account }]
      refuse(read.line, account)
      return []
    })

  for await (const batch of inBatches(records, batchLines)) {
    const checked = check(batch)
    const known = await imports.find(
      importId,
      checked.map(({ line }) => line),
    )
    const before = new Map(known.map((each) => [each.line, each]))
    const fresh = checked.filter(({ line }) => !before.has(line))
    const begun = await imports.begin(
      importId,
      fresh.map(({ line, account: { passwordHash } }) => ({ line, passwordHash })),
    )
    for (const each of begun) before.set(each.line, each)
    for (const { line, account } of checked) {
      const entry = before.get(line)
      if (entry?.done) counts.already += 1
      else if (entry) start(entry, account)
    }
    while (underWay.size > inFlight - batchLines) await Promise.race(underWay)
    signal.throwIfAborted()
    await settle(batchLines)
  }
  while (underWay.size > 0) await Promise.race(underWay)
  await settle(1)
  signal.throwIfAborted()
  return counts
}
