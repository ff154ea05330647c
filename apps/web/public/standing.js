import { duration } from './reasons.js'

const modeWords = {
  slow: (seconds) => `Slow mode: one message every ${seconds} s.`,
  followers_only: (seconds) =>
    seconds === 0 ? 'Followers only.' : `Only for who has followed for ${duration(seconds * 1000)}.`,
  subscribers_only: (tier) => `Subscribers only, from tier ${tier} on.`,
  emote_only: () => 'Emotes only.',
  unique: () => 'Nothing is said twice.',
  verified: () => 'Only for accounts with a confirmed e-mail address.',
  account_age: (seconds) => `Only for accounts older than ${duration(seconds * 1000)}.`,
  read_only: () => 'Only moderators write now.',
}

/**
 * What keeps somebody from writing in a channel, as it told of it: times in milliseconds since 1970. `now()` is the
 * server's time, `onModes()` is called where the modes of the room are others now.
 */
export const createStanding = ({ now, onModes = () => {} }) => {
  let timedOutUntil = 0
  let bannedUntil = 0
  let isClosed = false
  const modes = new Map()

  return {
    /** Somebody else is looking at the channel, or it is joined anew. */
    forget: () => {
      timedOutUntil = 0
      bannedUntil = 0
    },
    timedOut: (until) => {
      timedOutUntil = until
    },
    /** Somebody was not let write: what is left of it, undefined where it has no end. */
    refused: (sanction, remainingMs) => {
      if (sanction === 'timeout') timedOutUntil = now() + remainingMs
      else bannedUntil = remainingMs === undefined ? Number.POSITIVE_INFINITY : now() + remainingMs
    },
    /** @param until null: without end */
    banned: (until) => {
      bannedUntil = until ?? Number.POSITIVE_INFINITY
    },
    closed: (isNow) => {
      isClosed = isNow
    },
    /** A mode was set, or switched off where `value` is null or 0 seconds of slow mode. */
    mode: (mode, value) => {
      if (value === null || (mode === 'slow' && value === 0)) modes.delete(mode)
      else modes.set(mode, value)
      onModes()
    },
    noModes: () => {
      modes.clear()
      onModes()
    },
    /** Those that are on, with their values. */
    modes: () => modes,
    /** Why nothing can be written, by which sanction, and when to look again; undefined where it can. */
    silence: () => {
      if (isClosed) return { words: 'The channel is closed.' }
      const at = now()
      if (bannedUntil === Number.POSITIVE_INFINITY) return { words: 'You are banned here.', sanction: 'ban' }
      const [ban, timeout] = [bannedUntil - at, timedOutUntil - at]
      if (ban > 0) return { words: `You are banned here for another ${duration(ban)}.`, sanction: 'ban', leftMs: ban }
      if (timeout > 0)
        return { words: `You are timed out for another ${duration(timeout)}.`, sanction: 'timeout', leftMs: timeout }
      return undefined
    },
    /** The modes of the room, in words. */
    modeWords: () => [...modes].flatMap(([mode, value]) => modeWords[mode]?.(value) ?? []).join(' '),
  }
}
