import { watchFate } from './fate.ts'
import { HttpProblem } from './problem.ts'

type KeptRequest = { readonly accountId: string; readonly fingerprint: string; readonly kept: unknown }

/** Where it is kept what requests found the first time that they came, by the ids of their commands. */
export type RequestStore = {
  readonly find: (commandId: string) => Promise<KeptRequest | undefined>
  /** @returns what is kept: this very object, or that of who was quicker */
  readonly keep: (commandId: string, request: KeptRequest) => Promise<KeptRequest>
  readonly forget: (commandId: string) => Promise<void>
}

type Asking = {
  readonly commandId: string
  /** Absent where nobody is logged in: then what is kept says whom it is about. */
  readonly caller?: { readonly accountId: string } | undefined
}

/**
 * Lets a request whose command stands on more than was asked for (what was found, minted or used up for it) be the same
 * command when it comes again, at any edge: it is told what came of it, and not that a link was used, or that what it
 * deleted is not there. What is a function of the request alone needs none of this: the command itself is known by its id.
 *
 * `asked` is the operation and what was asked for, without passwords, which could be guessed of its fingerprint; `first` is
 * done the first time alone, before anything is sent, and gives what JSON can say; `each` sends the command. Throws
 * `command.id_reused` where something else was asked for by that id. What failed before its command was sent is begun anew;
 * what failed behind it goes on with what was found the first time. `undo` takes back what `first` used up or made, where
 * the command was not sent or was rejected.
 */
export type Once = <Kept extends object, Result>(
  request: Asking,
  asked: readonly unknown[],
  first: () => Promise<Kept>,
  each: (kept: Kept, isAgain: boolean) => Promise<Result>,
  undo?: (kept: Kept) => Promise<void>,
) => Promise<Result>

/** An id that no account has. */
const nobody = '0'

/** `fingerprint` is keyed. */
export const createOnce =
  (requests: RequestStore, fingerprint: (text: string) => string): Once =>
  async <Kept extends object, Result>(
    { commandId, caller }: Asking,
    asked: readonly unknown[],
    first: () => Promise<Kept>,
    each: (kept: Kept, isAgain: boolean) => Promise<Result>,
    undo: (kept: Kept) => Promise<void> = async () => {},
  ): Promise<Result> => {
    const print = fingerprint(JSON.stringify([caller?.accountId ?? null, ...asked]))

    type Known = { readonly request: KeptRequest; readonly isAgain: boolean }

    const keep = async (kept: Kept): Promise<Known> => {
      const accountId = caller?.accountId ?? ('accountId' in kept ? String(kept.accountId) : nobody)
      const own = { accountId, fingerprint: print, kept }
      try {
        const request = await requests.keep(commandId, own)
        return { request, isAgain: request !== own }
      } catch (error) {
        await undo(kept)
        throw error
      }
    }

    const begin = async (): Promise<Known> => {
      try {
        return await keep(await first())
      } catch (error) {
        // Of two at once the one may have used up what the other looks for.
        const request = await requests.find(commandId)
        if (request) return { request, isAgain: true }
        throw error
      }
    }

    const found = await requests.find(commandId)
    const { request, isAgain } = found ? { request: found, isAgain: true } : await begin()
    if (request.fingerprint !== print) throw new HttpProblem('command.id_reused')
    const kept = request.kept as Kept
    const { result, fate } = watchFate(commandId, () => each(kept, isAgain))
    try {
      return await result
    } catch (error) {
      // Forgotten first: what is known still, as who was cut off here has it, goes on with what was found.
      if (!isAgain && fate() === undefined) await requests.forget(commandId)
      if (!isAgain && fate() !== 'taken') await undo(kept)
      throw error
    }
  }
