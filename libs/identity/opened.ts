import type { Opening } from './http/edge.ts'

/** So often it is looked up whether something is open that the journal says nothing of. */
const LOOK_MS = 500

/** What comes within a time; undefined where nothing does. A signal of all would be searched by each of thousands that listen. */
export const within = <Result>(waiting: Promise<Result>, ms: number): Promise<Result | undefined> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms)
    waiting.finally(() => clearTimeout(timer)).then(resolve, reject)
  })

type Looked = {
  /** Whether the command was decided before: the journal may have told then what became of it. */
  readonly isRepeat: boolean
  /** Whether the read model has it. */
  readonly isOpen: () => Promise<boolean>
  /** What is told then. */
  readonly found: Opening
  readonly signal: AbortSignal
}

/**
 * What became of a claim. Of one that comes again the journal may have said it before this process followed it, and then
 * the read model has it. Undefined once nobody asks any more.
 */
export const untilOpen = async (
  opening: Promise<Opening | undefined>,
  { isRepeat, isOpen, found, signal }: Looked,
): Promise<Opening | undefined> => {
  if (!isRepeat) return opening
  while (!signal.aborted) {
    if (await isOpen()) return found
    const told = await within(opening, LOOK_MS)
    if (told) return told
  }
  return undefined
}
