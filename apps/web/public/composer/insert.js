/** Puts a word into a text where the cursor is, in the place of the `length` letters before it, apart from other words. */
export const insertWord = (text, word, length = 0) => {
  const { value, selectionStart: from, selectionEnd: to } = text
  const before = value.slice(0, from - length)
  const gap = before === '' || before.endsWith(' ') ? '' : ' '
  text.setRangeText(`${gap}${word} `, from - length, to, 'end')
  text.dispatchEvent(new Event('input', { bubbles: true }))
}
