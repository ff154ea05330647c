/** A message as some source tells it: the journal, the HTTP history, or what one client saw. */
export type Seen = { readonly channel: string; readonly seq: number; readonly id: string }

/** A ban that was acknowledged: nothing of the member has a higher number in the channel. */
export type Ban = { readonly channel: string; readonly member: string; readonly seq: number }

export type Evidence = {
  /** Every post whose acceptance was told to its sender, in the order in which that sender sent them. */
  readonly acknowledged: readonly { readonly sender: string; readonly channel: string; readonly id: string }[]
  /** Read afresh, from the beginning, when all is quiet. */
  readonly journal: readonly (Seen & { readonly author: string })[]
  readonly history: readonly Seen[]
  readonly bans: readonly Ban[]
  /** What each client was shown, in the order in which it was; `numbers` are all lane numbers, skips too. */
  readonly clients: readonly {
    readonly channel: string
    readonly numbers: readonly number[]
    readonly messages: readonly Seen[]
    /** Numbers that a gap frame named. */
    readonly gaps: readonly { readonly from: number; readonly to: number }[]
  }[]
}

export type Verdict = {
  readonly lost: number
  readonly duplicated: number
  readonly outOfOrder: number
  readonly unexplainedGaps: number
  /** Messages of the banned behind their ban, in the journal or shown to a client. */
  readonly afterBan: number
}

const repeats = (ids: readonly string[]): number => ids.length - new Set(ids).size

const descents = (numbers: readonly number[]): number =>
  numbers.reduce((count, seq, index) => count + (index > 0 && seq < (numbers[index - 1] ?? 0) ? 1 : 0), 0)

const afterBans = ({ journal, bans, clients }: Evidence): number => {
  const bannedFrom = new Map(bans.map(({ channel, member, seq }) => [`${channel} ${member}`, seq]))
  const authors = new Map(journal.map(({ id, author }) => [id, author]))
  const isAfter = ({ channel, seq, id }: Seen): boolean =>
    seq > (bannedFrom.get(`${channel} ${authors.get(id)}`) ?? Number.POSITIVE_INFINITY)
  return [journal, ...clients.map(({ messages }) => messages)].flat().filter(isAfter).length
}

/**
 * Holds what was told against what is there.
 *
 * lost: an acknowledged post that the journal, the history or a client of its channel does not have.
 * duplicated: the same message twice in any of them. outOfOrder: a source that tells a channel's messages in another
 * order than their numbers, or a sender's posts in another order than it sent them. unexplainedGaps: numbers of the
 * lane that a client was never shown though it was shown later ones, and that no gap frame named. afterBan: messages of
 * somebody whose ban had been acknowledged with a lower number.
 */
export const check = (evidence: Evidence): Verdict => {
  const { acknowledged, journal, history, clients } = evidence
  let lost = 0
  let duplicated = repeats(journal.map(({ id }) => id)) + repeats(history.map(({ id }) => id))
  let outOfOrder = 0
  let unexplainedGaps = 0

  const seqOf = new Map(journal.map(({ id, seq }) => [id, seq]))
  const inHistory = new Set(history.map(({ id }) => id))
  for (const { id } of acknowledged) if (!seqOf.has(id) || !inHistory.has(id)) lost++

  for (const source of [journal, history]) {
    for (const messages of Map.groupBy(source, ({ channel }) => channel).values())
      outOfOrder += descents(messages.map(({ seq }) => seq))
  }
  for (const posts of Map.groupBy(acknowledged, ({ sender, channel }) => `${sender} ${channel}`).values()) {
    outOfOrder += descents(posts.map(({ id }) => seqOf.get(id) ?? Number.POSITIVE_INFINITY))
  }

  const acknowledgedIn = Map.groupBy(acknowledged, ({ channel }) => channel)
  for (const client of clients) {
    const ids = new Set(client.messages.map(({ id }) => id))
    const named = (seq: number) => client.gaps.some(({ from, to }) => from <= seq && seq <= to)
    for (const { id } of acknowledgedIn.get(client.channel) ?? []) {
      const seq = seqOf.get(id)
      if (!ids.has(id) && seq !== undefined && !named(seq)) lost++
    }
    duplicated += client.numbers.length - new Set(client.numbers).size
    outOfOrder += descents(client.numbers)
    const shown = new Set(client.numbers)
    const first = client.numbers.reduce((least, seq) => Math.min(least, seq), Number.POSITIVE_INFINITY)
    const last = client.numbers.reduce((most, seq) => Math.max(most, seq), Number.NEGATIVE_INFINITY)
    for (let seq = first; seq <= last; seq++) if (!shown.has(seq) && !named(seq)) unexplainedGaps++
  }
  return { lost, duplicated, outOfOrder, unexplainedGaps, afterBan: afterBans(evidence) }
}
