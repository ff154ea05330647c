import type { Position } from '#libs/journal/outcome.ts'

/** Work on a partition that may end in any order, while its position moves only over what is done from the front on. */
export type Window = {
  /** Enters a piece of work that ends at `to`. @returns what to call when it is done. */
  readonly enter: (to: Position) => () => void
  /** Where the last of the pieces that are done without a gap ends; undefined where nothing is new since the last call. */
  readonly advance: () => Position | undefined
  /** Pieces that are not done. */
  readonly open: () => number
  /** Resolves when fewer than `limit` pieces are open. */
  readonly below: (limit: number) => Promise<void>
}

type Piece = { readonly to: Position; done: boolean }

export const createWindow = (): Window => {
  let pieces: Piece[] = []
  let open = 0
  const waiting = new Set<() => void>()
  return {
    enter: (to) => {
      const piece: Piece = { to, done: false }
      pieces.push(piece)
      open++
      return () => {
        if (piece.done) return
        piece.done = true
        open--
        for (const look of waiting) look()
      }
    },
    advance: () => {
      const first = pieces.findIndex(({ done }) => !done)
      const count = first === -1 ? pieces.length : first
      const last = pieces[count - 1]
      pieces = pieces.slice(count)
      return last?.to
    },
    open: () => open,
    below: (limit) =>
      open < limit
        ? Promise.resolve()
        : new Promise((resolve) => {
            const look = () => {
              if (open >= limit) return
              waiting.delete(look)
              resolve()
            }
            waiting.add(look)
          }),
  }
}
