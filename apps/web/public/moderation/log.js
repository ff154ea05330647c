import { button } from '../dom.js'
import { drawEntry } from './entries.js'
import { createSought } from './sought.js'

/** All that moderators have done, the latest first; found by whom, to whom and why. `accountOf(handle)` */
export const createLog = ({ api, channelId, names, accountOf, onShow }) =>
  createSought({
    title: 'What was done',
    nothing: 'Nothing like that was done.',
    fields: [
      { name: 'actor', words: 'By whom (handle)' },
      { name: 'member', words: 'To whom (handle)' },
      { name: 'why', words: 'Why', type: 'search', maxlength: '200' },
    ],
    first: {},
    sought: async ({ actor, member, why }) => ({
      actor: actor ? await accountOf(actor) : undefined,
      member: member ? await accountOf(member) : undefined,
      why: why || undefined,
    }),
    load: (asked, position, most) => api.log(channelId(), asked, position, most),
    draw: (entry) => drawEntry(entry, { names, onShow, button }),
  })
