import type { Cells } from '../../cells.ts'
import type { OutcomeEntry } from '../../envelope.ts'
import type { PreparedCommand } from '../../turn.ts'
import type { Step } from '../machine.ts'
import type { OwnerEffect, OwnerInput, OwnerState } from '../state.ts'

type Effect = OwnerEffect<OutcomeEntry>

/** What is done about each effect of the machine. None of it gives the machine an input before it returns. */
export type EffectHandlers = {
  readonly [Type in Effect['type']]: (effect: Extract<Effect, { readonly type: Type }>) => void
}

/** Holds the owner's state: every input goes through here, and every effect comes from here. */
export type Host<State, Command> = {
  readonly state: () => OwnerState<Cells<State>>
  readonly give: (input: OwnerInput<Cells<State>, PreparedCommand<Command>, OutcomeEntry>) => void
  /** Begins anew, as an owner that has read nothing; its claims keep their own nonces. */
  readonly forget: () => void
}

export const openHost = <State, Command>(
  initial: OwnerState<Cells<State>>,
  step: Step<Cells<State>, PreparedCommand<Command>, OutcomeEntry>,
  handlers: EffectHandlers,
  /** A record that this release cannot fold. */
  onError: (error: unknown) => void,
): Host<State, Command> => {
  let state = initial

  const carryOut = <Each extends Effect>(effect: Each): void => {
    const handle = handlers[effect.type] as (effect: Each) => void
    handle(effect)
  }

  return {
    state: () => state,
    give: (input) => {
      try {
        const stepped = step(state, input)
        state = stepped.state
        for (const effect of stepped.effects) carryOut(effect)
      } catch (error) {
        onError(error)
      }
    },
    forget: () => {
      state = { ...initial, sends: state.sends }
    },
  }
}
