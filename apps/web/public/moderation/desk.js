/**
 * What moderators have beside the chat, brought to them alone: who never moderates does not load it. `room` is what
 * `createModeration` takes, and `onError(error)`.
 */
export const createDesk = (room) => {
  /** Until when, by account: those that run. */
  const timeouts = new Map()
  let isOffered = false
  let moderation
  let coming

  const bring = async () => {
    coming ??= import('./moderation.js').catch((error) => {
      coming = undefined
      throw error
    })
    const { createModeration } = await coming
    moderation ??= createModeration({ ...room, timeouts: () => timeouts })
  }

  return {
    /** Whoever looks at the page is a moderator, or not any more. */
    offer: async (isModerator) => {
      isOffered = isModerator
      if (isOffered) await bring().catch(room.onError)
      moderation?.offer(isOffered)
    },
    joined: (frame) => {
      timeouts.clear()
      for (const { member, until } of frame.timeouts) timeouts.set(member, until)
    },
    /** `until` is 0 where it is over. */
    timedOut: (member, until) => {
      if (!isOffered) return
      if (until === 0) timeouts.delete(member)
      else timeouts.set(member, until)
      moderation?.silenced()
    },
    banned: () => moderation?.silenced(),
    happened: (frame) => moderation?.happened(frame),
    modes: () => moderation?.modes(),
    look: async (person) => moderation?.look(person),
  }
}
