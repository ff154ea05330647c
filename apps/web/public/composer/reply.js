import { openWords } from '../words.js'

/** The message that is answered, told above what one writes, until it is sent or left. `text` is where one writes. */
export const createReply = ({ elements, text }) => {
  const { answering, answeringWords, answeringLeave } = elements
  let line

  const show = (next) => {
    line = next
    answering.hidden = line === undefined
    answeringWords.textContent = line ? `Answering ${line.author.name}: ${openWords(line)}` : ''
  }
  const drop = () => show(undefined)

  answeringLeave.addEventListener('click', () => {
    drop()
    text.focus()
  })
  text.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') drop()
  })

  return {
    answer: (about) => {
      show(about)
      text.focus()
    },
    /** Lines were taken away. */
    removeWhere: (isMeant) => {
      if (line && isMeant(line)) drop()
    },
    take: () => {
      const answered = line
      drop()
      return answered ? { replyTo: { id: answered.id, author: answered.author.id }, answered } : {}
    },
    give: ({ answered }) => show(answered),
    drop,
  }
}
