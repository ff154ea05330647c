/** Emotes of the platform by their names. */
export type GlobalEmotes = ReadonlyMap<string, string>

const none: GlobalEmotes = new Map()

/** Of so many a message tells at most: one of 512 code points could hold more, and nobody would miss them. */
const mostTold = 50

/** What the edge found of a text, as a fact of the command: `name=id` by spaces. Undefined where there is nothing. */
export const globalsFact = (text: string, known: GlobalEmotes): string | undefined => {
  if (known.size === 0) return undefined
  const found = new Map<string, string>()
  for (const [word] of text.matchAll(/\S+/g)) {
    const name = word.split(':', 1)[0] ?? ''
    const id = known.get(name)
    if (id !== undefined && found.size < mostTold) found.set(name, id)
  }
  return found.size === 0 ? undefined : [...found].map(([name, id]) => `${name}=${id}`).join(' ')
}

/** The other way round; nothing of what is not of that form. */
export const globalsIn = (fact: string | undefined): GlobalEmotes => {
  if (fact === undefined) return none
  return new Map(
    fact.split(' ').flatMap((pair) => {
      const [name, id] = pair.split('=')
      return name && id ? [[name, id] as const] : []
    }),
  )
}

/** The fact for a name that is to be given: who has it on the platform, in whatever case. */
export const nameTakenFact = (name: string, known: GlobalEmotes): string | undefined => {
  for (const [taken, id] of known) if (taken.toLowerCase() === name.toLowerCase()) return `${taken}=${id}`
  return undefined
}

/** What the read model has of the platform's emotes: `version` grows with every change, 0 before the first. */
export type GlobalEmoteReads = {
  readonly version: () => Promise<number>
  /** Those that are enabled. */
  readonly load: () => Promise<GlobalEmotes>
}

/** How often an edge looks, and so for how long it may not know. */
export const lookEveryMs = 1000

export type KnownGlobals = {
  readonly current: () => GlobalEmotes
  /** Looks whether there are others by now. Does not reject: while the read model is away they stay as they were. */
  readonly refresh: () => Promise<void>
}

/** The platform's emotes as an edge knows them: a soft fact, as old as the last look. */
export const createKnownGlobals = ({ version, load }: GlobalEmoteReads): KnownGlobals => {
  let known = none
  let seen = 0
  let looking: Promise<void> | undefined
  const look = async (): Promise<void> => {
    try {
      const there = await version()
      if (there === seen) return
      known = await load()
      seen = there
    } catch {
      // The next look asks again.
    }
  }
  return {
    current: () => known,
    refresh: () => {
      looking ??= look().finally(() => {
        looking = undefined
      })
      return looking
    },
  }
}
