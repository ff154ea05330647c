import { readLines, readTable } from '../list-files.ts'

/** One entry of a list of bans: who, by handle or id, and why. */
export type BanListEntry = { readonly name: string; readonly reason: string }

/** What a list comes to; lines that say nothing that could be read, by their numbers from 1 on. */
export type ReadBanList = { readonly entries: readonly BanListEntry[]; readonly malformed: readonly number[] }

export const banListFormats = ['csv', 'lines'] as const
export type BanListFormat = (typeof banListFormats)[number]

const name = /^@?(?<name>[A-Za-z0-9_]{1,25})$/

const entryOf = (who: string | undefined, reason: string | undefined): BanListEntry | undefined => {
  const found = name.exec(who?.trim() ?? '')?.groups?.name
  return found === undefined ? undefined : { name: found, reason: reason?.trim() ?? '' }
}

/** A line: a handle, or what one writes in a chat to ban it, `/ban handle reason`. */
const ofLine = (line: string): BanListEntry | undefined => {
  const [, who, reason] = /^(?:[/.]ban\s+)?(\S+)(?:\s+(.*))?$/i.exec(line.trim()) ?? []
  return entryOf(who, reason)
}

/** Names of columns that hold who is banned, as exports of several platforms have them. */
const nameColumns = ['handle', 'login', 'user_login', 'username', 'user', 'name', 'id', 'user_id']
const reasonColumns = ['reason', 'ban_reason', 'note']

const gathered = (
  read: readonly { readonly line: number; readonly entry: BanListEntry | undefined }[],
): ReadBanList => ({
  entries: read.flatMap(({ entry }) => entry ?? []),
  malformed: read.flatMap(({ line, entry }) => (entry ? [] : [line])),
})

/** Reads a list of bans: one a line, or a table of who and why. */
export const readBanList = (format: BanListFormat, content: string): ReadBanList =>
  gathered(
    format === 'csv'
      ? readTable(content, nameColumns, reasonColumns).map(({ line, fields: [who, why] }) => ({
          line,
          entry: entryOf(who, why),
        }))
      : readLines(content).map(({ line, text }) => ({ line, entry: ofLine(text) })),
  )
