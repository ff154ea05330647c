import { openCluster } from '#libs/journal/kafka/cluster.ts'
import { createErrorFromCode, type WireCall } from '#libs/journal/kafka/internals.ts'
import type { KafkaSettings } from '#libs/journal/kafka/options.ts'
import { deleteUser, describeUsers, type UserAnswer, upsertUser } from './scram.ts'

/** The users of Kafka and their passwords. */
export type Users = {
  /** The names of all that can log in by SCRAM. */
  readonly names: () => Promise<readonly string[]>
  readonly setPassword: (name: string, password: string) => Promise<void>
  /** Nothing for one who has none. */
  readonly removePassword: (name: string) => Promise<void>
  readonly close: () => void
}

/** RESOURCE_NOT_FOUND: the user has no password. */
const NOT_FOUND = 91

/** The protocol's error; what Kafka says of it never has a password in it. */
const errorOf = ({ errorCode, message }: Omit<UserAnswer, 'name'>): Error =>
  Object.assign(createErrorFromCode(errorCode), message && { message })

/** Opens connections to Kafka for this. @throws LogError `log.unavailable` */
export const openUsers = async (settings: KafkaSettings): Promise<Users> => {
  const { cluster, close } = await openCluster(settings)
  await cluster.refreshMetadata().catch((error) => {
    close()
    throw error
  })

  const send = async <Answer>(call: WireCall<Answer>): Promise<Answer> =>
    (await cluster.findControllerBroker()).connectionPool.send(call)

  const alter = async (call: WireCall<readonly UserAnswer[]>, allowed: readonly number[]): Promise<void> => {
    for (const answer of await send(call)) if (!allowed.includes(answer.errorCode)) throw errorOf(answer)
  }

  return {
    names: async () => {
      const { errorCode, names } = await send(describeUsers())
      if (errorCode !== 0) throw errorOf({ errorCode, message: '' })
      return names
    },
    setPassword: async (name, password) => alter(await upsertUser(name, password), [0]),
    removePassword: (name) => alter(deleteUser(name), [0, NOT_FOUND]),
    close,
  }
}
