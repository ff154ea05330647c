import { button, create } from '../dom.js'
import { createSought } from './sought.js'

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' })

/** What somebody has said, deleted or not. `onShow(id)` shows what was said around it. */
export const drawSaid = ({ id, at, author, text, deleted }, onShow) => [
  create('p', {}, create('strong', {}, author.name ?? 'somebody who is erased'), `: ${text ?? '…'}`),
  create(
    'p',
    { class: 'explains' },
    create('time', { datetime: at }, moment.format(new Date(at))),
    deleted ? ' · deleted' : '',
  ),
  button('Around it', () => onShow(id)),
]

/** Messages found by their words and by whom, those that were deleted too. */
export const createFound = ({ api, channelId, accountOf, onShow }) =>
  createSought({
    title: 'What was said',
    nothing: 'Look for words, or for somebody.',
    fields: [
      { name: 'words', words: 'Words', type: 'search', maxlength: '200' },
      { name: 'author', words: 'By whom (handle)' },
    ],
    sought: async ({ words, author }) => ({
      words: words || undefined,
      author: author ? await accountOf(author) : undefined,
    }),
    load: (asked, position, most) => api.search(channelId(), asked, position, most),
    draw: (message) => drawSaid(message, onShow),
  })
