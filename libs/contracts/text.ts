/** Texts that people write, as rules look at them. Lengths are in code points, of which one takes at most 4 bytes. */

/** Code points of a well-formed text. */
export const codePoints = (text: string): number => {
  let count = text.length
  for (let index = 0; index < text.length; index++) if ((text.charCodeAt(index) & 0xfc00) === 0xd800) count--
  return count
}

/** Control characters, tab and line breaks among them, and the separators of lines and paragraphs. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}]/u

/** Embeddings, overrides and isolates of writing direction: they reach beyond the text that they stand in. */
const directions = /[\u202a-\u202e\u2066-\u2069]/

/** What shows nothing: white space, ignorable code points (joiners, fillers, variation selectors), the empty Braille cell. */
const blank = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u

/** One line of valid Unicode: no lone surrogates, no control characters, no line breaks. */
export const isLine = (text: string): boolean => text.isWellFormed() && !controls.test(text)

/** Whether nothing of the text would be seen. */
export const isBlank = (text: string): boolean => blank.test(text)

export const hasDirectionControls = (text: string): boolean => directions.test(text)

/** What ends an embedding or an isolate (UAX #9, section 2), by what begins it; for an override there is nothing. */
const endOf: Readonly<Record<string, string>> = {
  '\u202a': '\u202c',
  '\u202b': '\u202c',
  '\u2066': '\u2069',
  '\u2067': '\u2069',
  '\u2068': '\u2069',
}

/**
 * Whether the writing direction of what stands around the text, or the order of its own letters, would be another with it.
 * What begins and ends within it does neither: keyboards and messengers put it around numbers in Arabic and Hebrew.
 */
const turnsAround = (text: string): boolean => {
  const open: string[] = []
  for (const [control] of text.matchAll(new RegExp(directions, 'g'))) {
    const end = endOf[control]
    if (end !== undefined) open.push(end)
    else if (open.pop() !== control) return true
  }
  return open.length > 0
}

const beyondAscii = /[\u0080-\uffff]/
const disfigured = /[\u00a0\u202f]|\p{M}{5}/u

/**
 * Spaces that pass for others, marks piled up until they cover the lines around, and directions that turn letters around.
 * Most texts are done at a glance.
 */
export const isDisfigured = (text: string): boolean =>
  beyondAscii.test(text) && (disfigured.test(text) || (directions.test(text) && turnsAround(text)))
