import { button, create } from './dom.js'
import { pictureOf } from './emotes.js'

const linkOf = (address) => {
  // Nothing but the web is linked to, whatever the server takes for an address.
  if (!/^https?:\/\//i.test(address)) return address
  return create('a', { href: address, target: '_blank', rel: 'noopener noreferrer nofollow ugc' }, address)
}

/** What is hidden is not in the page before it is asked for. */
const spoilerOf = (draw) => {
  const cover = button('Spoiler', () => cover.replaceWith(create('span', {}, draw())), { class: 'spoiler' })
  return cover
}

/** Each as it is drawn: of (text, entity, draw), where `draw(from, to)` draws what stands within. */
const kinds = {
  emote: (_, entity) => pictureOf(entity),
  link: (text, { from, to }) => linkOf(text.slice(from, to)),
  code: (text, { from, to }) => create('code', {}, text.slice(from + 1, to - 1)),
  spoiler: (_, { from, to }, draw) => spoilerOf(() => draw(from + 2, to - 2)),
  greentext: (_, { from, to }, draw) => create('span', { class: 'greentext' }, draw(from, to)),
  mention: (text, { from, to }) => create('span', { class: 'mention' }, text.slice(from, to)),
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
  if (combo) words.append(' ', create('span', { class: 'combo' }, `×${combo}`))
  return words
}

/** What stands for a line without words. `uploads` are those of one that is on its way. */
export const picturesOf = ({ attachments, uploads = [] }) =>
  (attachments ?? uploads).length > 1 ? '(pictures)' : '(picture)'

/** The words of a line where it is quoted: what is hidden in it stays hidden. */
export const openWords = (line) =>
  (line.entities ?? [])
    .filter(({ kind }) => kind === 'spoiler')
    .toReversed()
    .reduce((words, { from, to }) => `${words.slice(0, from)}(spoiler)${words.slice(to)}`, line.text) ||
  picturesOf(line)
