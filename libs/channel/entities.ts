import { areModifiers } from './emotes/modifiers.ts'

/** What stands in a text besides words: from and to in UTF-16 code units, as JavaScript slices. */
export type Entity = {
  readonly kind: 'mention' | 'link' | 'code' | 'spoiler' | 'greentext' | 'emote'
  readonly from: number
  readonly to: number
  /** Of a mention the handle in lower case, of an emote its name without modifiers. */
  readonly name?: string
  /** Of an emote, in the order in which they stand. */
  readonly modifiers?: readonly string[]
  /** Of an emote: where its picture is. */
  readonly id?: string
}

/** An emote by its name, as the channel and its author have it; undefined where there is none. */
export type FindEmote = (name: string) => { readonly id: string } | undefined

const noEmotes: FindEmote = () => undefined

/** Nothing else can begin an entity: most texts are done with after this one look. */
const marks = /[@`|>]|:\/\//

const code = /`([^`]+)`/g
const spoiler = /\|\|([^|]+)\|\|/g
const link = /\bhttps?:\/\/[^\s<>"`|]+/gi
const mention = /(?<![\w@])@([A-Za-z0-9_]{3,25})(?!\w)/g
/** What ends a sentence rather than an address. */
const trailing = new Set(".,;:!?)]}'*_")

type Match = { readonly from: number; readonly to: number; readonly inner: string }

/** `sign` is what every match has: a text without it is not searched. */
const matches = (pattern: RegExp, sign: string, text: string): readonly Match[] =>
  text.includes(sign)
    ? [...text.matchAll(pattern)].map((match) => ({
        from: match.index,
        to: match.index + match[0].length,
        inner: match[1] ?? '',
      }))
    : []

const links = (text: string): readonly Entity[] =>
  matches(link, '://', text).map(({ from, to }) => {
    let end = to
    while (trailing.has(text.charAt(end - 1))) end--
    return { kind: 'link', from, to: end }
  })

const inside = (outer: readonly Entity[], { from, to }: Entity): boolean =>
  outer.some((each) => each.from <= from && to <= each.to)

const marked = (text: string): readonly Entity[] => {
  const greentext: readonly Entity[] = text.startsWith('>') ? [{ kind: 'greentext', from: 0, to: text.length }] : []
  const codes = matches(code, '`', text).map(({ from, to }): Entity => ({ kind: 'code', from, to }))
  const open = (entity: Entity) => !inside(codes, entity)
  const spoilers = matches(spoiler, '||', text)
    .map(({ from, to }): Entity => ({ kind: 'spoiler', from, to }))
    .filter(open)
  const addresses = links(text).filter(open)
  const mentions = matches(mention, '@', text)
    .map(({ from, to, inner }): Entity => ({ kind: 'mention', from, to, name: inner.toLowerCase() }))
    .filter((each) => open(each) && !inside(addresses, each))
  return [...greentext, ...codes, ...spoilers, ...addresses, ...mentions]
}

const emotes = (text: string, found: readonly Entity[], find: FindEmote): readonly Entity[] => {
  const closed = found.filter(({ kind }) => kind === 'code' || kind === 'link')
  return [...text.matchAll(/\S+/g)].flatMap(({ 0: word, index }): readonly Entity[] => {
    const [name = '', ...modifiers] = word.split(':')
    const emote = find(name)
    const entity: Entity = { kind: 'emote', from: index, to: index + word.length, name }
    if (!emote || !areModifiers(modifiers) || inside(closed, entity)) return []
    return [{ ...entity, id: emote.id, ...(modifiers.length > 0 && { modifiers }) }]
  })
}

/**
 * Reads a text once, in the order of what begins first. Within code nothing else is found, nor a mention within an
 * address. Its cost grows with the length of the text alone, which is bounded.
 */
export const entitiesIn = (text: string, find: FindEmote = noEmotes): readonly Entity[] => {
  const found = marks.test(text) ? marked(text) : []
  const all = find === noEmotes ? found : [...found, ...emotes(text, found, find)]
  return all.length < 2 ? all : all.toSorted((one, other) => one.from - other.from || other.to - one.to)
}

/** As an event keeps them: none where there is nothing. */
export const encodeEntities = (entities: readonly Entity[]): string | null =>
  entities.length === 0 ? null : JSON.stringify(entities)

/** As they were found; nothing where they were sealed with a key that is gone. */
export const decodeEntities = (text: string | null | undefined): readonly Entity[] =>
  text === null || text === undefined ? [] : (JSON.parse(text) as readonly Entity[])
