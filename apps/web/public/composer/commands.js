const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** How long, as it is typed, in milliseconds: `90` (seconds), `10m`, `2h`, `1d`, `1w`; undefined of anything else. */
export const lengthOf = (word) => {
  const [, number, unit] = /^([1-9]\d{0,5})([smhdw]?)$/i.exec(word) ?? []
  return number === undefined ? undefined : Number(number) * UNITS_MS[unit.toLowerCase() || 's']
}

/** Forms of messages that are typed as commands. */
const forms = { me: 'action', announce: 'announcement' }
const formsTake = { me: 'what you do', announce: 'words' }

/** What words say as a message: as one does something (`/me waves`), announced, or with a slash in front (`//like this`). */
export const messageOf = (words) => {
  const [, form, said] = /^\/(me|announce) (.+)$/i.exec(words) ?? []
  if (form) return { text: said, form: forms[form.toLowerCase()] }
  return { text: words.startsWith('//') ? words.slice(1) : words }
}

/** A message as one types it: what `messageOf` reads as the same. */
export const typedOf = ({ text, form }) => {
  const name = Object.keys(forms).find((each) => forms[each] === form)
  return name ? `/${name} ${text}` : text.startsWith('/') ? `/${text}` : text
}

/** The first word of some, and the others; both may be empty. */
const parted = (words) => /^(\S*)\s*(.*)$/.exec(words).slice(1)

/**
 * What may begin with how long it holds, and goes on with why. A number without a unit is how long only where `takesBare`
 * and it stands alone: `3 strikes` says why.
 */
const termOf = (words, { takesBare = false } = {}) => {
  const [first, rest] = parted(words)
  const isWhy = /^\d+$/.test(first) && (!takesBare || rest !== '')
  const durationMs = isWhy ? undefined : lengthOf(first)
  return durationMs === undefined ? { reason: words || undefined } : { durationMs, reason: rest || undefined }
}

const TIMEOUT_MS = 600_000
/** How far back all is deleted that says something. */
const NUKE_MS = 600_000
const POLL_MS = 120_000
/** What bots of chats let links through for, and longer where it is for one message alone. */
const PERMIT_MS = 60_000
const PERMIT_ONCE_MS = 600_000

/**
 * A slash and letters, whatever follows them but another slash: one that is mistyped (`/w@ada`) is not to be said aloud, and a
 * path is no command.
 */
const typed = /^\/([a-z]+(?![a-z/])\S*)\s*(.*)$/is

/** It was typed otherwise than it is taken. */
class Mistyped extends Error {}
const typedAs = (name, takes) => new Error(`It is typed as /${name} ${takes}`.trim())

/**
 * What is typed to be done rather than said: `/ban ada 1d spam`. `act(act)` does something in the channel, `accountOf(handle)`
 * finds a person by the one name that is theirs alone, `look(person)` shows a moderator what is known of somebody,
 * `whisper(id, words)` whispers, `topic(words)` sets the topic or takes it away, `nuke(wanted)` deletes all that says something, and
 * `pollRunning()` is the id of the poll that runs.
 */
export const createCommands = ({ act, accountOf, moderates, look, whisper, topic, nuke, pollRunning }) => {
  /** The one that `/unnuke` takes back. */
  let nuked

  /** About somebody: `work(id, the other words, handle)` resolves with words to tell, if there are any. */
  const about = (work) => async (words) => {
    const [name, rest] = parted(words)
    const handle = name.replace(/^@/, '')
    if (!/^[A-Za-z0-9_]{3,25}$/.test(handle)) throw new Mistyped()
    return work(await accountOf(handle), rest, handle)
  }

  /** What the chat tells by itself needs no words. */
  const quietly = async (asked) => {
    await act(asked)
  }
  const reasonOf = (words) => ({ reason: words || undefined })

  /** A mode that is on for so many seconds, or `usual` where none are typed. */
  const timed = (mode, usual) => (words) => {
    if (words === 'off') return quietly({ kind: 'set-mode', mode, value: null })
    const ms = words === '' ? usual : lengthOf(words)
    if (ms === undefined) throw new Mistyped()
    return quietly({ kind: 'set-mode', mode, value: ms / 1000 })
  }

  const switched = (mode) => (words) => {
    if (words !== '' && words !== 'off') throw new Mistyped()
    return quietly({ kind: 'set-mode', mode, value: words === 'off' ? null : 1 })
  }

  const ofAnybody = {
    w: {
      takes: 'handle words',
      run: about(async (id, words, handle) => {
        if (!words) throw new Mistyped()
        await whisper(id, words)
        return `Whispered to ${handle}.`
      }),
    },
  }

  const ofModerators = {
    user: { takes: 'handle', run: about((id, _, name) => look({ id, name })) },
    timeout: {
      takes: 'handle [10m, 2h, 1d] [why]',
      run: about((member, words) =>
        quietly({ kind: 'time-out', member, durationMs: TIMEOUT_MS, ...termOf(words, { takesBare: true }) }),
      ),
    },
    untimeout: {
      takes: 'handle [why]',
      run: about((member, words) => quietly({ kind: 'lift-timeout', member, ...reasonOf(words) })),
    },
    ban: {
      takes: 'handle [10m, 2h, 1d] [why]',
      run: about(async (member, words, handle) => {
        const { proposal, needed } = await act({ kind: 'ban', member, ...termOf(words) })
        return proposal && `${handle} is timed out until ${needed} moderators are for the ban, you among them.`
      }),
    },
    unban: {
      takes: 'handle [why]',
      run: about((member, words) => quietly({ kind: 'unban', member, ...reasonOf(words) })),
    },
    warn: {
      takes: 'handle [why]',
      run: about(async (member, words, handle) => {
        await act({ kind: 'mark', member, mark: 'warning', ...reasonOf(words) })
        return `${handle} is warned.`
      }),
    },
    permit: {
      takes: 'handle [once] [1m, 5m, 1h] [why]',
      run: about(async (member, words, handle) => {
        const [, once, rest] = /^(once(?!\S))?\s*(.*)$/is.exec(words)
        const usual = once ? PERMIT_ONCE_MS : PERMIT_MS
        const term = { durationMs: usual, ...termOf(rest, { takesBare: true }) }
        await act({ kind: 'mark', member, mark: 'link_permit', ...(once && { value: 1 }), ...term })
        return once ? `${handle} may post one message with links.` : `${handle} may post links for a while.`
      }),
    },
    unpermit: {
      takes: 'handle [why]',
      run: about(async (member, words, handle) => {
        await act({ kind: 'unmark', member, mark: 'link_permit', ...reasonOf(words) })
        return `${handle} posts links as the policy says.`
      }),
    },
    note: {
      takes: 'handle words',
      run: about(async (member, text, handle) => {
        if (!text) throw new Mistyped()
        await act({ kind: 'add-note', member, text })
        return `Noted of ${handle}.`
      }),
    },
    purge: {
      takes: 'handle [why]',
      run: about((member, words) => quietly({ kind: 'delete-messages', member, ...reasonOf(words) })),
    },
    nuke: {
      takes: '[10m, 2h, 1d] words or /pattern/',
      run: async (words) => {
        const [first, rest] = parted(words)
        const durationMs = /\D/.test(first) && rest ? lengthOf(first) : undefined
        const said = durationMs === undefined ? words : rest
        const [, pattern] = /^\/(.+)\/$/.exec(said) ?? []
        const text = pattern ?? said
        if (text.length < 2) throw new Mistyped()
        const term = { text, match: pattern === undefined ? 'text' : 'pattern' }
        const { commandId } = await nuke({
          ...term,
          withinMs: NUKE_MS,
          durationMs: durationMs ?? TIMEOUT_MS,
          dryRun: false,
        })
        nuked = commandId
        return 'It is deleted, and blocked until you decide. /unnuke takes it back.'
      },
    },
    unnuke: {
      takes: '',
      run: async () => {
        if (nuked === undefined) throw new Error('You have nuked nothing since the page was opened.')
        await act({ kind: 'undo-nuke', nuke: nuked })
        nuked = undefined
      },
    },
    clear: { takes: '[why]', run: (words) => quietly({ kind: 'clear', ...reasonOf(words) }) },
    slow: { takes: '[10s, 1m or off]', run: timed('slow', 10_000) },
    followers: { takes: '[10m, 1d or off]', run: timed('followers_only', 0) },
    emoteonly: { takes: '[off]', run: switched('emote_only') },
    readonly: { takes: '[off]', run: switched('read_only') },
    shield: { takes: '[off]', run: switched('shield') },
    poll: {
      takes: 'question | answer | answer',
      run: (words) => {
        const [question, ...options] = words.split('|').map((each) => each.trim())
        if (!question || options.length < 2 || options.includes('')) throw new Mistyped()
        return quietly({ kind: 'start-poll', question, options, durationMs: POLL_MS })
      },
    },
    endpoll: {
      takes: '',
      run: () => {
        const poll = pollRunning()
        if (poll === undefined) throw new Error('No poll runs.')
        return quietly({ kind: 'end-poll', poll })
      },
    },
    topic: { takes: '[words]', run: (words) => topic(words || null).then(() => {}) },
    unpin: { takes: '', run: () => quietly({ kind: 'pin', message: null }) },
  }

  const offered = () => ({ ...ofAnybody, ...(moderates() && ofModerators) })

  const help = async () => {
    const said = { me: { takes: formsTake.me }, ...(moderates() && { announce: { takes: formsTake.announce } }) }
    return Object.entries({ ...said, ...offered() })
      .map(([name, { takes }]) => `/${name} ${takes}`.trim())
      .join(' · ')
  }

  const run = async (name, words) => {
    if (name === 'help') return help()
    if (Object.hasOwn(forms, name)) throw typedAs(name, formsTake[name])
    const commands = offered()
    if (!Object.hasOwn(commands, name))
      throw new Error(`There is no /${name}: /help has all there are, and // begins a message with a slash.`)
    const { takes, run: runs } = commands[name]
    try {
      return await runs(words)
    } catch (error) {
      throw error instanceof Mistyped ? typedAs(name, takes) : error
    }
  }

  return {
    /**
     * What words ask to be done: a function that does it, and resolves with words to tell where there are any. Undefined of
     * words that are a message.
     */
    of: (words) => {
      const [, as, rest] = typed.exec(words) ?? []
      const name = as?.toLowerCase()
      if (name === undefined || (Object.hasOwn(forms, name) && rest)) return undefined
      return () => run(name, rest.trim())
    },
  }
}
