import { duration } from '../../reasons.js'
import { check, choice, gradedLists, lines, lists, number, phrases, words } from './fields.js'

const [SECOND_MS, HOUR_MS] = [1_000, 3_600_000]

const many = (count, one, more = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : more}`
const percent = (share) => `${Math.round(share * 100)} %`

const match = choice('match', 'A word counts', undefined, {
  word: 'where it stands by itself',
  anywhere: 'inside longer words, too',
})
const share = (label, help) => number('share', label, { help, unit: '%', scale: 0.01, min: 0, max: 100 })
const seconds = (name, label, help) =>
  number(name, label, { help, unit: 'seconds', scale: SECOND_MS, min: 1, max: 600 })
const count = (name, label, min, max, unit, help) => number(name, label, { min, max, unit, help, step: 1 })

/**
 * Kinds of filters: what they are called, what they look for, what the fields are, in a few words what one is set to, and
 * how one begins. The order is the one in which they are offered.
 */
export const kinds = {
  terms: {
    title: 'Words',
    about: 'Messages with words or phrases that you name',
    fields: [
      lines('terms', 'Words and phrases', 'One a line; capitals make no difference.'),
      lists(),
      match,
      check('lookalikes', 'Find them in disguise, too', 'Look-alike letters, and digits for letters.'),
    ],
    says: ({ terms, lists: named }) =>
      [many(terms.length, 'word'), ...(named.length > 0 ? [many(named.length, 'list')] : [])].join(' and '),
    first: { terms: [], lists: [], match: 'word', lookalikes: false },
  },
  phrases: {
    title: 'Words by severity',
    about: 'The same in three grades, each with its own consequence',
    fields: [phrases(), gradedLists(), match],
    says: ({ phrases: own, lists: named }) =>
      [many(own.length, 'phrase'), ...(named.length > 0 ? [many(named.length, 'list')] : [])].join(' and '),
    first: { phrases: [], lists: [], match: 'word', verdicts: {} },
  },
  patterns: {
    title: 'Patterns',
    about: 'Messages that match a regular expression',
    fields: [
      lines('patterns', 'Patterns', 'One a line, in the syntax of RE2: free\\s+(skins|coins)', { class: 'code' }),
      check('caseSensitive', 'Capitals make a difference'),
    ],
    says: ({ patterns }) => many(patterns.length, 'pattern'),
    first: { patterns: [], caseSensitive: false },
  },
  links: {
    title: 'Links',
    about: 'Links to some places, or to all but some',
    fields: [
      choice('listed', 'It speaks of links', undefined, {
        permitted: 'to all places but these',
        forbidden: 'to these places alone',
      }),
      lines('domains', 'Places', 'Domains, one a line: example.org stands for www.example.org, too.'),
      check('obfuscated', 'Hidden links count, too', 'Such as example[dot]org.'),
    ],
    says: ({ domains, listed }) =>
      listed === 'forbidden'
        ? `to ${many(domains.length, 'place')}`
        : domains.length === 0
          ? 'all links'
          : `all but to ${many(domains.length, 'place')}`,
    first: { domains: [], listed: 'permitted', obfuscated: true },
  },
  caps: {
    title: 'Capital letters',
    about: 'MESSAGES THAT SHOUT',
    fields: [
      count('minLetters', 'Only messages of at least', 1, 512, 'letters'),
      share('Share of capitals', 'From so many of its letters on.'),
    ],
    says: ({ minLetters, share: part }) => `${percent(part)} of ${minLetters} letters or more`,
    first: { minLetters: 12, share: 0.8 },
  },
  repeats: {
    title: 'Repeats',
    about: 'Loooong words, and words again and again',
    fields: [
      count('character', 'One character in a row', 2, 512, 'times'),
      count('word', 'One word in a row', 2, 512, 'times'),
    ],
    says: ({ character, word }) => `a character ${character} times, a word ${word} times`,
    first: { character: 16, word: 8 },
  },
  flood: {
    title: 'Flood',
    about: 'Somebody who writes very often; there can be one of these',
    fields: [count('messages', 'More messages than', 1, 1000, 'messages'), seconds('withinMs', 'within')],
    says: ({ messages, withinMs }) => `over ${many(messages, 'message')} in ${duration(withinMs)}`,
    first: { messages: 10, withinMs: 10_000 },
  },
  similarity: {
    title: 'Copies',
    about: 'The same message over and over, from one or from many',
    fields: [
      choice('scope', 'It compares with', undefined, {
        channel: 'what anybody wrote',
        author: 'what the same person wrote',
      }),
      count('messages', 'It speaks after', 1, 100, 'messages like it'),
      seconds('withinMs', 'within'),
      number('resemblance', 'They are alike from', { unit: '% on', scale: 0.01, min: 0, max: 100 }),
      count('minLength', 'Only messages of at least', 1, 512, 'characters'),
    ],
    says: ({ messages, withinMs }) => `after ${messages} alike in ${duration(withinMs)}`,
    first: { scope: 'channel', withinMs: 60_000, resemblance: 0.8, messages: 4, minLength: 12 },
  },
  mentions: {
    title: 'Mentions',
    about: 'Messages that call many people',
    fields: [count('most', 'More than', 1, 100, 'people')],
    says: ({ most }) => `over ${most} people`,
    first: { most: 5 },
  },
  new_account: {
    title: 'New accounts',
    about: 'What people write whose account is new',
    fields: [
      number('youngerThanMs', 'Accounts younger than', { unit: 'hours', scale: HOUR_MS, min: 0.01, max: 8760 }),
      choice('only', 'It speaks of', undefined, {
        any: 'all that they write',
        links: 'messages with links',
        mentions: 'messages that mention somebody',
      }),
      choice('unknownAge', 'An account whose age is not known', undefined, { old: 'is let be', new: 'counts as new' }),
    ],
    says: ({ youngerThanMs, only }) => `under ${duration(youngerThanMs)}${only === 'any' ? '' : `, with ${only}`}`,
    first: { youngerThanMs: 24 * HOUR_MS, only: 'any', unknownAge: 'old' },
  },
  ascii_art: {
    title: 'Pictures of signs',
    about: 'ASCII art and walls of signs',
    fields: [
      count('minLength', 'Only messages of at least', 8, 512, 'characters'),
      share('Share of signs', 'From so many of its characters on.'),
    ],
    says: ({ minLength, share: part }) => `${percent(part)} of ${minLength} characters or more`,
    first: { minLength: 40, share: 0.6 },
  },
  zalgo: {
    title: 'Stacked marks',
    about: 'Text that climbs out of its line (zalgo)',
    fields: [count('marks', 'Marks on one character', 1, 32, 'or more')],
    says: ({ marks }) => `from ${many(marks, 'mark')} on`,
    first: { marks: 3 },
  },
  classifier: {
    title: 'Outside model',
    about: 'What a model says that the platform asks, where it has one',
    fields: [
      words('label', 'Label', 'As the model gives it, toxic for one; empty: any.', { maxlength: '64' }),
      number('score', 'From a score of', { unit: '% on', scale: 0.01, min: 0, max: 100 }),
      choice('unavailable', 'Where the model does not answer in time', undefined, {
        allow: 'the message goes through',
        hold: 'it is held for a moderator',
      }),
    ],
    says: ({ label, score }) => `${label ?? 'any label'} from ${percent(score)} on`,
    first: { score: 0.9, unavailable: 'allow' },
  },
}

const common = { verdict: 'reject', timeoutMs: 600_000, mode: 'enforced' }

/** A new filter of a kind, under an id that none of `taken` has. */
export const newRule = (kind, taken, given = {}) => {
  const name = kind.replace('_', '-')
  let id = name
  for (let number = 2; taken.includes(id); number++) id = `${name}-${number}`
  return { id, kind, ...common, ...structuredClone(kinds[kind].first), ...given }
}

/** What suits most channels to begin with. */
export const starters = [
  ['flood', { verdict: 'time_out', timeoutMs: 60_000 }],
  ['repeats', {}],
  ['zalgo', {}],
  ['mentions', {}],
  ['new_account', { only: 'links', verdict: 'hold' }],
]
