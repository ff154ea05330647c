import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { Map as ImmutableMap } from 'immutable'
import type { Cell, Cells, Due } from '../cells.ts'
import { decodeWindow, type EncodedWindow, encodeWindow } from '../dedupe.ts'
import type { Family } from '../families.ts'
import type { Instant } from '../log.ts'
import type { Followed } from '../owner/follow.ts'

/**
 * A snapshot is gzipped JSON lines: a header, then one line for each aggregate. It holds what was read back, and nothing
 * personal: states know texts by their keyed hashes only.
 */
export type SnapshotHeader = {
  readonly format: 1
  readonly family: Family
  readonly partition: number
  readonly logId: string
  readonly stateVersion: number
  readonly cells: number
  readonly followed: Omit<Followed<never>, 'fold'>
}

type CellLine = readonly [key: string, n: number, state: unknown, window: EncodedWindow]

/** How states are written; of the family's decider. */
export type StateCodec<State> = {
  readonly encodeState: (state: State) => unknown
  readonly decodeState: (value: unknown) => State
  readonly due: (state: State) => Due | undefined
}

const zip = promisify(gzip)
const unzip = promisify(gunzip)

/** Work in slices of a few ms, between which an owner goes on deciding. */
const sliceMs = 3

const slices = (): (() => Promise<void> | undefined) => {
  let began = performance.now()
  return () => {
    if (performance.now() - began < sliceMs) return undefined
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      began = performance.now()
    })
  }
}

/** Encodes in slices; the fold is immutable, so the owner may go on meanwhile. */
export const encodeSnapshot = async <State>(
  header: Omit<SnapshotHeader, 'format' | 'cells' | 'followed'>,
  { fold, ...followed }: Followed<Cells<State>>,
  codec: StateCodec<State>,
): Promise<Buffer> => {
  const first: SnapshotHeader = { format: 1, ...header, cells: fold.byKey.size, followed }
  const chunks: Buffer[] = []
  let text = JSON.stringify(first)
  const breathe = slices()
  for (const [key, cell] of fold.byKey)
    for (const piece of linePieces(key, cell, codec)) {
      text += piece
      if (text.length >= chunkLength) {
        chunks.push(Buffer.from(text))
        text = ''
      }
      const pause = breathe()
      if (pause) await pause
    }
  return zip(Buffer.concat([...chunks, Buffer.from(text)]))
}

const chunkLength = 64 * 1024

/** A `CellLine` behind a line break. */
const linePieces = function* <State>(
  key: string,
  { n, state, window }: Cell<State>,
  codec: Pick<StateCodec<State>, 'encodeState'>,
): Generator<string> {
  yield `\n${JSON.stringify([key, n, codec.encodeState(state)]).slice(0, -1)},`
  yield* encodeWindow(window)
  yield ']'
}

/** Bytes that are no whole snapshot of this format and log. */
export class SnapshotUnreadable extends Error {
  readonly code = 'journal.snapshot_unreadable'
}

/** Reads a snapshot's header, and its aggregates one by one. @throws SnapshotUnreadable */
export const openSnapshot = async (
  bytes: Buffer,
  logId: string,
): Promise<{ readonly header: SnapshotHeader; readonly lines: readonly string[] }> => {
  try {
    const [first = '', ...lines] = (await unzip(bytes)).toString().split('\n')
    const header = JSON.parse(first) as SnapshotHeader
    const cells = lines.filter((line) => line !== '')
    if (header.format !== 1 || cells.length !== header.cells) throw new Error('cut short, or of another format')
    if (header.logId !== logId) throw new Error(`of another log, ${header.logId}`)
    return { header, lines: cells }
  } catch (cause) {
    throw new SnapshotUnreadable(`a snapshot cannot be read: ${(cause as Error).message}`, { cause })
  }
}

export const decodeCell = <State>(
  line: string,
  codec: StateCodec<State>,
): readonly [key: string, cell: Cell<State>] => {
  const [key, n, state, window] = JSON.parse(line) as CellLine
  return [key, { n, state: codec.decodeState(state), window: decodeWindow(window) }]
}

/** What was read back when the snapshot was written. @throws SnapshotUnreadable */
export const decodeSnapshot = async <State>(
  bytes: Buffer,
  logId: string,
  codec: StateCodec<State>,
): Promise<Followed<Cells<State>>> => {
  const { header, lines } = await openSnapshot(bytes, logId)
  const byKey = ImmutableMap<string, Cell<State>>().asMutable()
  const dues = ImmutableMap<string, Due>().asMutable()
  const breathe = slices()
  for (const line of lines) {
    const [key, cell] = decodeCell(line, codec)
    const due = codec.due(cell.state)
    byKey.set(key, cell)
    if (due) dues.set(key, due)
    const pause = breathe()
    if (pause) await pause
  }
  return { ...header.followed, fold: { byKey: byKey.asImmutable(), dues: dues.asImmutable() } }
}

/** Sorts by position; the time is the broker's, of the record at the position. */
export type SnapshotName = {
  readonly name: string
  readonly offset: number
  readonly at: Instant
  readonly stateVersion: number
}

const folderOf = (logId: string, family: Family, partition: number): string =>
  `snapshots/${logId}/${family}/${partition}/`

const digits = 16

export const snapshotName = (
  logId: string,
  family: Family,
  partition: number,
  offset: number,
  at: Instant,
  stateVersion: number,
): string =>
  `${folderOf(logId, family, partition)}${String(offset).padStart(digits, '0')}.${at}.v${stateVersion}.jsonl.gz`

const namePattern = /\/(\d{16})\.(\d+)\.v(\d+)\.jsonl\.gz$/

export const parseSnapshotName = (name: string): SnapshotName | undefined => {
  const match = namePattern.exec(name)
  return match ? { name, offset: Number(match[1]), at: Number(match[2]), stateVersion: Number(match[3]) } : undefined
}

export const snapshotPrefix = folderOf
