import { element } from './dom.js'
import { createMenu } from './menu.js'

/**
 * The menu of a line of the chat. `act(act)` does something in the channel, `look(person)` shows what is known of somebody,
 * `say(words)` tells that it was done, `onError(error)` why not.
 */
export const createLineMenu = ({ api, channelId, act, me, role, reply, whispers, look, say, onError }) =>
  createMenu({
    element: element('menu'),
    title: element('menu-title'),
    isMine: ({ author }) => author.id === me()?.id,
    moderates: role.moderates,
    actions: {
      reply: async (line) => reply.answer(line),
      whisper: async (line) => whispers.openWith(line.author),
      block: async (line) => {
        await api.block(line.author.id)
        say(`You see no more of ${line.author.name}: the whispers list whom you block.`)
      },
      look: (line) => look(line.author),
      delete: (line) => api.deleteMessage(channelId(), line.id),
      timeout: (line, { minutes }) => api.timeOut(channelId(), line.author.id, Number(minutes) * 60_000),
      ban: (line) => act({ kind: 'ban', member: line.author.id, messages: [line.id] }),
      pin: (line) => act({ kind: 'pin', message: line.id }),
      report: async (line, { category }) => {
        await act({ kind: 'report', message: line.id, category })
        say('The moderators will look at it.')
      },
    },
    onError,
  })
