import { create } from '../dom.js'
import { createQueue } from '../queue.js'

const why = ({ cause, rule }) =>
  cause === 'low_trust' ? 'All that they write waits.' : rule ? `Held by the rule ${rule}.` : 'Held by a rule.'

/** Messages that wait for a moderator. `act(act)` does something in the channel. */
export const createHeld = ({ api, channelId, act, onCount }) =>
  createQueue({
    title: 'Waiting messages',
    nothing: 'No message waits.',
    onCount,
    load: (position) => api.held(channelId(), position),
    draw: ({ id, author, text, ...message }, doing) => {
      const name = author.name ?? 'somebody who is erased'
      const review = (approve) => () => act({ kind: 'review', message: id, approve })
      return [
        create('p', {}, create('strong', {}, name), `: ${text ?? '…'}`),
        create('p', { class: 'explains' }, why(message)),
        doing('Approve', review(true), { 'aria-label': `Approve the message of ${name}` }),
        doing('Reject', review(false), { 'aria-label': `Reject the message of ${name}` }),
      ]
    },
  })
