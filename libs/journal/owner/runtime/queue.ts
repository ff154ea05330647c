import type { Offset } from '../../log.ts'

/** Commands that were read and not yet decided, in order; bounded by making the reader wait. */
export type CommandQueue<Command extends { readonly offset: Offset }> = {
  /** Resolves when there is room for more. */
  readonly push: (commands: readonly Command[]) => void | Promise<void>
  /** Up to `most` commands from `from` on; what lies before was decided and is dropped. */
  readonly take: (from: Offset, most: number) => readonly Command[]
  readonly clear: () => void
  readonly size: () => number
}

export const commandQueue = <Command extends { readonly offset: Offset }>(bound: number): CommandQueue<Command> => {
  let commands: Command[] = []
  let room: PromiseWithResolvers<void> | undefined

  const makeRoom = (): void => {
    if (commands.length >= bound) return
    room?.resolve()
    room = undefined
  }

  return {
    push: (more) => {
      commands.push(...more)
      if (commands.length < bound) return
      room ??= Promise.withResolvers()
      return room.promise
    },
    take: (from, most) => {
      const first = commands.findIndex(({ offset }) => offset >= from)
      commands = first === -1 ? [] : first === 0 ? commands : commands.slice(first)
      makeRoom()
      return commands.slice(0, most)
    },
    clear: () => {
      commands = []
      makeRoom()
    },
    size: () => commands.length,
  }
}
