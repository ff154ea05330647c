import { element, elementsOf } from '../dom.js'
import { createPanel } from '../panel.js'
import { createAppeals } from './appeals.js'
import { createHeld } from './held.js'
import { createModes } from './modes.js'
import { createReports } from './reports.js'
import { createSilenced } from './silenced.js'

/** Read models may be a moment behind what is told live, so what happened is looked for at once and once more. */
const LOOK_MS = 300
const LOOK_AGAIN_MS = 2000

const concerns = {
  held: new Set(['hold_message', 'approve_message', 'deny_message']),
  reports: new Set(['open_report', 'claim_report', 'release_report', 'resolve_report', 'dismiss_report']),
  appeals: new Set(['open_appeal', 'answer_appeal', 'unban_member', 'lift_timeout']),
  silenced: new Set(['ban_member', 'unban_member', 'time_out_member', 'lift_timeout', 'nuke', 'undo_nuke']),
}

/** What moderators have beside the chat: the modes of the room, and what waits for them. `room`: api, channelId, names, me, now, modes, timeouts. */
export const createModeration = (room) => {
  const act = (asked) => room.api.act(room.channelId(), asked)
  const counts = { held: 0, reports: 0, appeals: 0 }
  const counting = (queue) => (count) => {
    counts[queue] = count
    panel.waiting(counts.held + counts.reports + counts.appeals)
  }

  const modes = createModes({ act, modes: room.modes })
  const queues = {
    held: createHeld({ ...room, act, onCount: counting('held') }),
    reports: createReports({ ...room, act, onCount: counting('reports') }),
    appeals: createAppeals({ ...room, act, onCount: counting('appeals') }),
    silenced: createSilenced({ ...room, act }),
  }
  const { held, reports, appeals, silenced } = queues
  element('moderation-parts').append(...[held, reports, modes, appeals, silenced].map((part) => part.element))
  for (const queue of [held, reports]) queue.open()

  const refresh = () => {
    modes.show()
    for (const queue of Object.values(queues)) queue.refresh()
  }
  const panel = createPanel({
    elements: { panel: element('moderation'), ...elementsOf(['open', 'close', 'count'], 'moderation') },
    onOpen: refresh,
  })

  /** Queues that are looked for, and whether more has happened since. */
  const looking = new Map()
  const look = (queue) => {
    const isLooking = looking.has(queue)
    looking.set(queue, isLooking)
    if (isLooking) return
    setTimeout(queue.refresh, LOOK_MS)
    setTimeout(() => {
      const isMore = looking.get(queue)
      looking.delete(queue)
      queue.refresh()
      if (isMore) look(queue)
    }, LOOK_AGAIN_MS)
  }

  return {
    offer: (isModerator) => {
      panel.offer(isModerator)
      if (isModerator) refresh()
      else for (const queue of Object.values(queues)) queue.clear()
    },
    modes: modes.show,
    /** An entry of the moderators' lane. */
    happened: ({ entry: { action } }) => {
      for (const [name, actions] of Object.entries(concerns)) if (actions.has(action)) look(queues[name])
    },
    silenced: () => {
      if (panel.isOpen()) look(silenced)
    },
  }
}
