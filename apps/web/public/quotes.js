import { answeredIn } from './answers.js'
import { button, create } from './dom.js'
import { openWords } from './words.js'

/** Quotes that are remembered though nothing on the page shows them any more. */
const KEPT = 500

/**
 * What a line answers, quoted above it, for as long as it is there itself. `shown(id)` is a line that is on the page,
 * `ask(id)` reads another one, `toLine(id)` goes to it. `list` is where the lines are.
 */
export const createQuotes = ({ list, shown, ask, toLine }) => {
  /** Lines by id: with `author.id` alone while they are read, null once they are gone. */
  const quoted = new Map()

  const fill = (element, line) => {
    if (line === null) element.replaceChildren('A message that is not there any more')
    else if (line.text !== undefined)
      element.replaceChildren(create('span', { class: 'name' }, line.author.name), ` ${openWords(line)}`)
    element.disabled = line === null
  }

  const elementsOf = (id) => list.querySelectorAll(`.quote[data-of="${CSS.escape(id)}"]`)

  const know = (id, line) => {
    quoted.set(id, line)
    for (const element of elementsOf(id)) fill(element, line)
    if (quoted.size <= KEPT) return
    for (const each of quoted.keys()) if (each !== id && elementsOf(each).length === 0) quoted.delete(each)
  }

  const read = async (id, author) => {
    const reading = { id, author: { id: author } }
    quoted.set(id, reading)
    const line = await ask(id).catch(() => undefined)
    // It was deleted meanwhile, whatever the answer still has.
    if (quoted.get(id) === reading) know(id, line ?? null)
  }

  return {
    draw: (answer) => {
      const { id } = answer.replyTo
      const element = button('…', () => toLine(id), { class: 'quote', 'data-of': id })
      const line = shown(id) ?? quoted.get(id)
      if (line !== undefined) {
        quoted.set(id, line)
        fill(element, line)
      } else read(id, answeredIn(answer))
      return element
    },
    removeWhere: (isMeant) => {
      for (const [id, line] of quoted) if (line && isMeant(line)) know(id, null)
    },
    edited: (id, text, entities) => {
      const line = quoted.get(id)
      if (line) know(id, { ...line, text, entities })
    },
  }
}
