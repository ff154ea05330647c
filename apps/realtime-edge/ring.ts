import { type Edited, type LaneFrame, skipFrame } from '#libs/channel/frames/lane-frame.ts'
import { frameText, textFrame } from '#libs/protocols/native/wire.ts'

/** A numbered frame, encoded once: these bytes go to every subscriber. */
export type RingEntry = {
  readonly number: number
  readonly bytes: Buffer
  readonly isMessage: boolean
  readonly subject: string | undefined
  /** The number of the message that it edits. */
  readonly edits?: number
  /** What the author and the moderators are shown in place of `bytes`, which are a skip then. */
  readonly own?: { readonly author: string; readonly bytes: Buffer }
}

/** Whether somebody sees what only its author and the moderators see. */
export type Sees = (author: string) => boolean

/** The bytes of an entry for somebody. */
export const bytesFor = ({ bytes, own }: Pick<RingEntry, 'bytes' | 'own'>, sees: Sees): Buffer =>
  own && sees(own.author) ? own.bytes : bytes

/** What all rings of an edge hold together, in bytes of frames. */
export type RingBudget = { used: number; readonly limit: number }

export const encodeEntry = ({ number, frame, subject, only, edits }: LaneFrame): RingEntry => {
  const bytes = textFrame(JSON.stringify(frame))
  const isMessage = frame.type === 'event' && frame.event.kind === 'message'
  const about = { subject, ...(edits && { edits: edits.number }) }
  if (only === undefined) return { number, bytes, isMessage, ...about }
  const skip = textFrame(JSON.stringify(skipFrame(frame.channel, number)))
  return { number, bytes: skip, isMessage: false, ...about, own: { author: only, bytes } }
}

/**
 * The latest numbers of one lane of one channel, without a hole. A number that has become hidden (its message deleted,
 * its author erased) keeps its place as a skip.
 */
export type Ring = {
  /** The entry's number must be `last() + 1`, or the ring be empty. Drops the oldest entries beyond the bounds. */
  readonly append: (entry: RingEntry) => void
  /** 0 where it is empty. */
  readonly first: () => number
  readonly last: () => number
  /** Bytes from `from` on, of at most `maxBytes` (but one entry at least), and the number behind them. */
  readonly slice: (from: number, maxBytes: number, sees: Sees) => { readonly bytes: Buffer; readonly next: number }
  /** The number of the `count`th last message, or how many messages there are where they are fewer. */
  readonly startOfLast: (count: number) => { readonly from: number } | { readonly found: number }
  /** With the edits of it. */
  readonly hide: (number: number) => void
  /** The message says something else, and what earlier edits told of it nobody is told any more. */
  readonly edit: (edited: Edited) => void
  /** The messages of an author, or all of them. */
  readonly hideMessages: (author: string | null) => void
  readonly hideSubject: (subject: string) => void
  /** Gives its bytes back to the budget; the ring is empty then. */
  readonly clear: () => void
}

const sizeOf = (entry: RingEntry | undefined): number =>
  entry ? entry.bytes.length + (entry.own?.bytes.length ?? 0) : 0

/** The bytes of a message as it is since it was edited: seldom done, so that no frame is kept beside its bytes. */
const rewritten = (bytes: Buffer, { at, text, entities }: Edited): Buffer => {
  const frame = JSON.parse(frameText(bytes))
  const { entities: _, ...event } = frame.event
  return textFrame(JSON.stringify({ ...frame, event: { ...event, text, ...(entities && { entities }), edited: at } }))
}

/** Entries that a ring keeps by itself; what is older is asked of the read model. */
const RING_ENTRIES = 5000

export const createRing = (channel: string, budget: RingBudget, capacity: number = RING_ENTRIES): Ring => {
  // Entries before `head` are dropped already; they are cut off in runs, so that an append costs the same however full.
  let entries: (RingEntry | undefined)[] = []
  let head = 0
  // Most channels have none, and are not searched for them.
  let hasEdits = false

  const firstNumber = () => entries[head]?.number ?? 0
  const indexOf = (number: number) => head + number - firstNumber()

  const dropOldest = () => {
    budget.used -= sizeOf(entries[head])
    entries[head++] = undefined
    if (head >= 1024 && head * 2 >= entries.length) {
      entries = entries.slice(head)
      head = 0
    }
  }

  const hideAt = (index: number) => {
    const entry = entries[index]
    if (!entry) return
    const bytes = textFrame(JSON.stringify(skipFrame(channel, entry.number)))
    budget.used += bytes.length - sizeOf(entry)
    entries[index] = { number: entry.number, bytes, isMessage: false, subject: undefined }
  }

  const hideEdits = (isChosen: (number: number) => boolean) => {
    if (!hasEdits) return
    for (let index = head; index < entries.length; index++) {
      const { edits } = entries[index] ?? {}
      if (edits !== undefined && isChosen(edits)) hideAt(index)
    }
  }

  const rewriteAt = (index: number, edited: Edited) => {
    const entry = entries[index]
    if (!entry || (!entry.isMessage && !entry.own)) return
    const changed: RingEntry = entry.own
      ? { ...entry, own: { ...entry.own, bytes: rewritten(entry.own.bytes, edited) } }
      : { ...entry, bytes: rewritten(entry.bytes, edited) }
    budget.used += sizeOf(changed) - sizeOf(entry)
    entries[index] = changed
  }

  const last = () => entries.at(-1)?.number ?? 0

  return {
    first: firstNumber,
    last,
    append: (entry) => {
      entries.push(entry)
      hasEdits ||= entry.edits !== undefined
      budget.used += sizeOf(entry)
      const size = () => entries.length - head
      while (size() > capacity || (budget.used > budget.limit && size() > 1)) dropOldest()
    },
    slice: (from, maxBytes, sees) => {
      const parts: Buffer[] = []
      let size = 0
      let next = from
      for (let index = indexOf(from); index < entries.length; index++) {
        const entry = entries[index]
        if (!entry || (size > 0 && size + entry.bytes.length > maxBytes)) break
        const bytes = bytesFor(entry, sees)
        parts.push(bytes)
        size += bytes.length
        next = entry.number + 1
      }
      return { bytes: Buffer.concat(parts, size), next }
    },
    startOfLast: (count) => {
      let found = 0
      for (let index = entries.length - 1; index >= head; index--) {
        const entry = entries[index]
        if (entry?.isMessage && ++found >= count) return { from: entry.number }
      }
      return { found }
    },
    hide: (number) => {
      if (entries.length > head && number >= firstNumber()) hideAt(indexOf(number))
      hideEdits((edited) => edited === number)
    },
    edit: (edited) => {
      hideEdits((number) => number === edited.number)
      if (entries.length > head && edited.number >= firstNumber()) rewriteAt(indexOf(edited.number), edited)
    },
    hideMessages: (author) => {
      for (let index = head; index < entries.length; index++) {
        const entry = entries[index]
        const isMessage = entry?.isMessage || entry?.own !== undefined || entry?.edits !== undefined
        if (isMessage && (author === null || entry?.subject === author)) hideAt(index)
      }
    },
    hideSubject: (subject) => {
      for (let index = head; index < entries.length; index++) if (entries[index]?.subject === subject) hideAt(index)
    },
    clear: () => {
      for (let index = head; index < entries.length; index++) budget.used -= sizeOf(entries[index])
      entries = []
      head = 0
      hasEdits = false
    },
  }
}
