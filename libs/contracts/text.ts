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

const beyondAscii = /[\u0080-\uffff]/
const disfigured = /[\u00a0\u202f]|\p{M}{5}/u

/** Spaces that pass for others, and marks piled up until they cover the lines around. Most texts are done at a glance. */
export const isDisfigured = (text: string): boolean => beyondAscii.test(text) && disfigured.test(text)
