import { channelDecider } from '#libs/channel/decider.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { identityDecider } from '#libs/identity/decider.ts'
import { noCells } from '#libs/journal/cells.ts'
import { decodeEntry } from '#libs/journal/envelope.ts'
import { journalTopic } from '#libs/journal/families.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { beginning, follow } from '#libs/journal/owner/follow.ts'
import { ownerRules } from '#libs/journal/owner/rules.ts'
import { readAll } from '#libs/journal/read-all.ts'
import { openSnapshots } from '#libs/journal/snapshots/store.ts'
import { type FamilyRules, foldOutcome } from '#libs/journal/turn.ts'

type Places = { readonly log: Log; readonly meta: Meta; readonly objects: ObjectStore }

const write = async <State, Command extends { type: string }, Event extends { type: string }>(
  { log, meta, objects }: Places,
  rules: FamilyRules<State, Command, Event>,
): Promise<void> => {
  const { family, stateVersion } = rules.decider
  for (let partition = 0; partition < meta.partitions[family]; partition++) {
    let followed = beginning(noCells<State>())
    for (const record of await readAll(log, journalTopic(family), partition))
      followed = follow(followed, record.offset, decodeEntry(record), foldOutcome(rules), ownerRules).followed
    const place = { objects, logId: meta.logId, family, partition, stateVersion }
    await openSnapshots<State>(place, rules.decider).save(followed, Date.now())
  }
}

/** Writes a snapshot of every partition as a decider would that is due, and does not wait to be. */
export const writeSnapshots = async (places: Places): Promise<void> => {
  await write(places, { decider: identityDecider, codecs: codecs.account })
  await write(places, { decider: channelDecider, codecs: codecs.channel })
}
