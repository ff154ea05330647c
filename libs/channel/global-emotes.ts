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

export type KnownGlobals = {
  /** As of a moment ago; never waits. */
  readonly current: () => GlobalEmotes
}

/** How old what is known may be: a second, as for all soft facts. */
const FRESH_MS = 1000

/**
 * The platform's emotes as an edge knows them: asked for again, behind the answer, by whoever finds them older than a
 * second. While the read model is away they stay as they were.
 */
export const createKnownGlobals = (
  load: () => Promise<GlobalEmotes>,
  { now = Date.now }: { readonly now?: () => number } = {},
): KnownGlobals => {
  let known = none
  let askedAt = Number.NEGATIVE_INFINITY
  let asking = false
  const ask = async (): Promise<void> => {
    asking = true
    try {
      known = await load()
    } catch {
      // What is known goes on being used; the next one asks again.
    } finally {
      asking = false
    }
  }
  return {
    current: () => {
      if (!asking && now() - askedAt >= FRESH_MS) {
        askedAt = now()
        void ask()
      }
      return known
    },
  }
}
