import { AsyncLocalStorage } from 'node:async_hooks'

/** What became of a command as far as its edge was told: rejected for good, or taken, accepted or still under way. */
export type Fate = 'rejected' | 'taken'

type Watched = { readonly commandId: string; fate: Fate | undefined }

const watched = new AsyncLocalStorage<Watched>()

/** Does work that sends a command, by whichever hand; `fate` tells at any time whether the journal has had its say on it. */
export const watchFate = <Result>(
  commandId: string,
  work: () => Result,
): { readonly result: Result; readonly fate: () => Fate | undefined } => {
  const own: Watched = { commandId, fate: undefined }
  return { result: watched.run(own, work), fate: () => own.fate }
}

/** For who sends commands, once the journal has said what becomes of one, or once it is on its way. */
export const noteFate = (commandId: string, fate: Fate): void => {
  const own = watched.getStore()
  if (own?.commandId === commandId) own.fate = fate
}
