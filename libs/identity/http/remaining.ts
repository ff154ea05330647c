import { timestamp } from '#libs/http/ids.ts'
import { commandTopic, families, presenceTopic } from '#libs/journal/families.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const PRESENCE_MS = HOUR_MS / 2
/** How often a broker looks for what is too old, generously. */
const SWEEP_MS = HOUR_MS

/** What others read of the platform, and how long it is kept there at most. */
export type PublicCopies = { readonly topics: readonly string[]; readonly keptMs: number }

/**
 * The copies in clear that an erasure leaves for a while. Commands live one day, in segments of an hour that go as a
 * whole, looked at every five minutes: rounded up to two hours more. Names of who is connected live ten minutes, in
 * segments of ten. Public topics keep what they hold as long as they were told to.
 */
export const remainingCopies = (erasedAt: number, { topics, keptMs }: PublicCopies) => [
  ...families.map((family) => ({
    where: commandTopic(family),
    what: 'commands as they were sent',
    until: timestamp(erasedAt + DAY_MS + 2 * HOUR_MS),
  })),
  {
    where: presenceTopic,
    what: 'the name that was shown while connected',
    until: timestamp(erasedAt + PRESENCE_MS),
  },
  ...topics.map((topic) => ({
    where: topic,
    what: 'what was public, as others were sent it',
    until: timestamp(erasedAt + keptMs + SWEEP_MS),
  })),
]
