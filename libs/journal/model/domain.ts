import { checkCommand, type DedupeWindow, emptyWindow, rememberCommand } from '../dedupe.ts'
import { uuidv7 } from '../ids.ts'
import type { Instant } from '../log.ts'
import type { AnyCommand, AnyOutcome, Domain } from '../owner/domain.ts'

/** Time begins here, so that ids of the model lie in the window. */
export const dawn: Instant = 1_700_000_000_000

export type ModelCommand = AnyCommand

export type ModelOutcome = AnyOutcome & { readonly id: string; readonly result: 'accepted' | 'repeated' | 'rejected' }

/** The real dedupe window, and all that was accepted with the time of its decision, since rules may ask for that time. */
export type ModelFold = { readonly window: DedupeWindow; readonly accepted: string }

/** Whether a command that came before is known: switched off to see what dedupe is for. */
export type ModelRules = { readonly dedupe: boolean }

/** Ids by name, `a`, `b`, …: the same name is the same command sent again. */
const ids = new Map<string, string>()
export const idOf = (name: string): string => {
  const id = ids.get(name) ?? uuidv7(dawn + ids.size)
  ids.set(name, id)
  return id
}

const identity = (id: string) => ({ id: idOf(id), principal: 'p', fingerprint: id })

/** Commands are accepted once, by the library's own window. */
export const modelDomain = ({ dedupe }: ModelRules): Domain<ModelFold, ModelCommand, ModelOutcome> => {
  const evolve = (fold: ModelFold, { id, at, n, result }: ModelOutcome): ModelFold => ({
    window:
      result === 'accepted'
        ? rememberCommand(fold.window, identity(id), n, { kind: 'accepted', events: [], summary: {} })
        : fold.window,
    accepted: result === 'accepted' ? `${fold.accepted}${id}@${at - dawn};` : fold.accepted,
  })
  const outcomeOf = (fold: ModelFold, result: ModelOutcome['result'], command: ModelCommand, stamp: Stamp) => {
    const { offset: commandOffset, id } = command
    const outcome: ModelOutcome = { kind: 'outcome', ...stamp, commandOffset, commandId: id, id, result }
    return { outcome, fold: evolve(fold, outcome) }
  }
  return {
    empty: { window: emptyWindow, accepted: '' },
    evolve,
    decide: (fold, command, stamp) => {
      const known = dedupe && checkCommand(fold.window, identity(command.id), stamp.at).kind === 'repeated'
      return outcomeOf(fold, known ? 'repeated' : 'accepted', command, stamp)
    },
    poisoned: (fold, command, stamp) => outcomeOf(fold, 'rejected', command, stamp),
    sizeOf: () => 100,
  }
}

type Stamp = Parameters<Domain<ModelFold, ModelCommand, ModelOutcome>['decide']>[2]
