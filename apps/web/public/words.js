import { pictureOf } from './emotes.js'

const create = (name, className, ...children) => {
  const element = document.createElement(name)
  if (className) element.className = className
  element.append(...children)
  return element
}

const linkOf = (address) => {
  // Nothing but the web is linked to, whatever the server takes for an address.
  if (!/^https?:\/\//i.test(address)) return address
  const link = create('a', '', address)
  link.href = address
  link.target = '_blank'
  link.rel = 'noopener noreferrer nofollow ugc'
  return link
}

/** What is hidden is not in the page before it is asked for. */
const spoilerOf = (draw) => {
  const button = create('button', 'spoiler', 'Spoiler')
  button.type = 'button'
  button.addEventListener('click', () => button.replaceWith(create('span', '', draw())))
  return button
}

/** Each as it is drawn: of (text, entity, draw), where `draw(from, to)` draws what stands within. */
const kinds = {
  emote: (_, entity) => pictureOf(entity),
  link: (text, { from, to }) => linkOf(text.slice(from, to)),
  code: (text, { from, to }) => create('code', '', text.slice(from + 1, to - 1)),
  spoiler: (_, { from, to }, draw) => spoilerOf(() => draw(from + 2, to - 2)),
  greentext: (_, { from, to }, draw) => create('span', 'greentext', draw(from, to)),
  mention: (text, { from, to }) => create('span', 'mention', text.slice(from, to)),
}

/** The words of a line with its entities drawn, and how many have said the same emote in a row. */
export const drawWords = ({ text, entities = [], combo }) => {
  /** What begins first comes first, and what holds others before them. */
  const draw = (from, to, among) => {
    const drawn = document.createDocumentFragment()
    let at = from
    for (const [index, entity] of among.entries()) {
      const kind = kinds[entity.kind]
      if (!kind || entity.from < at || entity.to > to) continue
      drawn.append(
        text.slice(at, entity.from),
        kind(text, entity, (start, end) => draw(start, end, among.slice(index + 1))),
      )
      at = entity.to
    }
    drawn.append(text.slice(at, to))
    return drawn
  }
  const words = draw(0, text.length, entities)
  if (combo) words.append(' ', create('span', 'combo', `×${combo}`))
  return words
}
