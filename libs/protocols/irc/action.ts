/**
 * What somebody does rather than says. IRC carries it as a CTCP message (0x01 `ACTION` text 0x01), and people write it
 * as `/me waves`.
 */
const mark = '\u0001'
const prefix = `${mark}ACTION `
const written = '/me '

/** What a PRIVMSG says. */
export type Spoken = { readonly text: string; readonly isAction: boolean }

/** Reads the text of a PRIVMSG; undefined for a CTCP request of another kind. */
export const postedText = (text: string): Spoken | undefined => {
  if (text.startsWith(written)) return { text: text.slice(written.length), isAction: true }
  if (!text.startsWith(mark)) return { text, isAction: false }
  if (!text.startsWith(prefix)) return undefined
  return { text: text.slice(prefix.length, text.endsWith(mark) ? -1 : undefined), isAction: true }
}

/** The text of a PRIVMSG that says it. */
export const spokenText = ({ text, isAction }: Spoken): string => (isAction ? `${prefix}${text}${mark}` : text)
