/**
 * What somebody does rather than says: `/me waves`. IRC carries it as a CTCP message (0x01 `ACTION` text 0x01), everything
 * else as a text that begins with `/me `.
 */
const mark = '\u0001'
const prefix = `${mark}ACTION `

/** The text of a PRIVMSG as it is posted; undefined for a CTCP request of another kind. */
export const postedText = (text: string): string | undefined => {
  if (!text.startsWith(mark)) return text
  if (!text.startsWith(prefix)) return undefined
  return `/me ${text.slice(prefix.length, text.endsWith(mark) ? -1 : undefined)}`
}

/** A posted text as the text of a PRIVMSG. */
export const spokenText = (text: string): string =>
  text.startsWith('/me ') ? `${prefix}${text.slice(4)}${mark}` : text
