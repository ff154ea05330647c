import { timestamp } from '#libs/http/ids.ts'
import { commandTopic, families, presenceTopic } from '#libs/journal/families.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const PRESENCE_MS = HOUR_MS / 2

/**
 * The copies in clear that an erasure leaves for a while. Commands live one day, in segments of an hour that go as a
 * whole, looked at every five minutes: rounded up to two hours more. Names of who is connected live ten minutes, in
 * segments of ten.
 */
export const remainingCopies = (erasedAt: number) => [
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
]
