import { create } from '../dom.js'
import { createQueue } from '../queue.js'

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/**
 * Who may not write here. Timeouts are short and told live: `timeouts()` are those that the page knows of, as
 * [account, until].
 */
export const createSilenced = ({ api, channelId, act, names, now, timeouts }) =>
  createQueue({
    title: 'Banned and timed out',
    nothing: 'Everybody may write.',
    load: async (position, most) => {
      const { bans, more } = await api.bans(channelId(), position, most)
      const running = [...timeouts()].filter(([, until]) => until > now())
      const entries = [
        ...running.map(([member, until]) => ({ id: `timeout ${member}`, member, until, lift: 'lift-timeout' })),
        ...bans.map(({ memberId: member, until, actorId: by, reason }) => {
          return { id: `ban ${member}`, member, until: until && Date.parse(until), by, reason, lift: 'unban' }
        }),
      ]
      return { entries, more }
    },
    draw: ({ member, until, by, reason, lift }, doing) => {
      const what = lift === 'unban' ? 'banned' : 'timed out'
      return [
        create(
          'p',
          {},
          create('strong', {}, names.text(member)),
          until ? ` ${what} until ${moment.format(until)}` : ` ${what}`,
        ),
        ...(by ? [create('p', { class: 'explains' }, 'By ', names.text(by), reason ? `: ${reason}` : '')] : []),
        doing('Let write again', () => act({ kind: lift, member })),
      ]
    },
  })
