import { element, elementsOf } from '../dom.js'
import { createPanel } from '../panel.js'
import { createAppeals } from './appeals.js'
import { createFound } from './found.js'
import { createHeld } from './held.js'
import { createHouse } from './house.js'
import { createLog } from './log.js'
import { createMember } from './member.js'
import { createModes } from './modes.js'
import { createReports } from './reports.js'
import { createSilenced } from './silenced.js'
import { createBlockedTerms, createProposals } from './undecided.js'

/** Read models may be a moment behind what is told live, so what happened is looked for at once and once more. */
const LOOK_MS = 300
const LOOK_AGAIN_MS = 2000

const concerns = {
  held: new Set(['hold_message', 'approve_message', 'deny_message', 'delete_messages']),
  reports: new Set(['open_report', 'claim_report', 'release_report', 'resolve_report', 'dismiss_report']),
  appeals: new Set(['open_appeal', 'answer_appeal', 'unban_member', 'lift_timeout']),
  terms: new Set(['nuke', 'undo_nuke', 'block_term', 'keep_term', 'unblock_term']),
  proposals: new Set(['propose_ban', 'approve_ban', 'reject_ban', 'lapse_ban']),
  silenced: new Set(['ban_member', 'unban_member', 'time_out_member', 'lift_timeout', 'nuke', 'undo_nuke']),
}

/**
 * What moderators have beside the chat: what waits for them, the modes of the room, what was done and said, and what is known
 * of one member. `room`: api, channelId, names, me, now, modes, timeouts, leads, owns, onShow(id) of a message, onError.
 */
export const createModeration = (room) => {
  const act = (asked) => room.api.act(room.channelId(), asked)
  const counts = { held: 0, reports: 0, appeals: 0, terms: 0, proposals: 0 }
  const counting = (queue) => (count) => {
    counts[queue] = count
    panel.waiting(Object.values(counts).reduce((all, each) => all + each, 0))
  }

  const modes = createModes({ act, modes: room.modes })
  const queues = {
    held: createHeld({ ...room, act, onCount: counting('held') }),
    reports: createReports({ ...room, act, look: (person) => lookAt(person), onCount: counting('reports') }),
    appeals: createAppeals({ ...room, act, onCount: counting('appeals') }),
    terms: createBlockedTerms({ ...room, act, onCount: counting('terms') }),
    proposals: createProposals({ ...room, act, onCount: counting('proposals') }),
    silenced: createSilenced({ ...room, act }),
    log: createLog({ ...room, accountOf: room.api.accountOf }),
    found: createFound({ ...room, accountOf: room.api.accountOf }),
  }
  const { held, reports, appeals, terms, proposals, silenced, log, found } = queues
  const member = createMember({ ...room, act })
  const house = createHouse({ ...room, act })
  const parts = [member, held, reports, modes, appeals, terms, proposals, silenced, log, found, house]
  element('moderation-parts').append(...parts.map((part) => part.element))
  for (const queue of [held, reports]) queue.open()

  const refresh = () => {
    modes.show()
    for (const queue of Object.values(queues)) queue.refresh()
  }
  const panel = createPanel({
    elements: { panel: element('moderation'), ...elementsOf(['open', 'close', 'count'], 'moderation') },
    onOpen: refresh,
  })

  /** How the channel goes about things is brought to whoever opens it. */
  let settings
  let bringing
  const bringSettings = async () => {
    const { createSettings } = await import('../settings/settings.js')
    settings = await createSettings(room)
  }
  element('settings-open').addEventListener('click', async () => {
    bringing ??= bringSettings()
    try {
      await bringing
      settings.open()
    } catch (error) {
      bringing = undefined
      room.onError(error)
    }
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

  /** What is known of somebody: { id, name }. */
  const lookAt = (person) => {
    panel.open()
    return member.look(person)
  }

  return {
    offer: (isModerator) => {
      panel.offer(isModerator)
      settings?.offer(isModerator)
      if (isModerator) return refresh()
      member.close()
      for (const queue of Object.values(queues)) queue.clear()
    },
    look: lookAt,
    modes: modes.show,
    /** An entry of the moderators' lane. */
    happened: ({ entry }) => {
      member.happened(entry)
      const { action } = entry
      for (const [name, actions] of Object.entries(concerns)) if (actions.has(action)) look(queues[name])
      if (panel.isOpen()) look(log)
    },
    silenced: () => {
      if (panel.isOpen()) look(silenced)
    },
  }
}
