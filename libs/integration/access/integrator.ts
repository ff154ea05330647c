import type { Instant } from '#libs/journal/log.ts'
import type { PublicTopic } from '../public-topic.ts'
import { publicTopics } from '../topics.ts'
import { IntegratorError } from './errors.ts'

/** Who reads public topics from Kafka, and what of them, as Kafka has it. */
export type Integrator = {
  /** Its user of Kafka; its groups begin with it and a dot. */
  readonly name: string
  readonly reads: readonly {
    readonly topic: string
    /** Undefined for what was given by other means than whiply's. */
    readonly since: Instant | undefined
  }[]
  /** Ids of the channels that its topics hold; undefined for one who reads public topics as they are. */
  readonly channels: readonly string[] | undefined
  /** When its password was made; undefined where it has none, and cannot log in. */
  readonly passwordSince: Instant | undefined
  /** A revocation has begun: it may do nothing any more, and has to be revoked once more. */
  readonly leaving: boolean
}

/** Each has topics of its own, whose partitions cost the broker memory whether anything happens there or not. */
export const MOST_OF_CHANNELS = 20

/** Of one integrator; who needs more is given the public topic. */
export const MOST_CHANNELS = 100

/**
 * In lower case, so that none is the ANONYMOUS of a listener without logins, who may do everything; without a dot, so
 * that no name begins another's groups.
 */
const wellFormed = /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/

/** Groups of the platform are `whiply.…`. */
const reserved = ['whiply']

/** @throws IntegratorError `integrator.name_invalid` */
export const assertName = (name: string): void => {
  if (wellFormed.test(name) && !reserved.includes(name)) return
  throw new IntegratorError(
    'integrator.name_invalid',
    `"${name}" cannot be the name of an integrator: 3 to 40 of a to z, 0 to 9 and -, a letter first and no - last; not ${reserved.join(', ')}.`,
  )
}

/** What its consumer groups begin with. */
export const groupPrefix = (name: string): string => `${name}.`

/**
 * The topics of Kafka that go by names as `chat`, every major version of each.
 * @throws IntegratorError `integrator.topic_unknown`
 */
export const topicsNamed = (names: readonly string[]): readonly PublicTopic['topic'][] => {
  const known = [...new Set(publicTopics.map(({ name }) => name))]
  const unknown = names.filter((name) => !known.includes(name))
  if (names.length === 0 || unknown.length > 0)
    throw new IntegratorError(
      'integrator.topic_unknown',
      `${unknown.length > 0 ? `There is no public topic ${unknown.join(', ')}` : 'No topic is named'}. Public topics: ${known.join(', ')}.`,
    )
  return publicTopics.filter(({ name }) => names.includes(name)).map(({ topic }) => topic)
}
