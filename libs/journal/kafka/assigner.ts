import { AssignerProtocol, type PartitionAssigner } from 'kafkajs'
import { type Assignment, assignSticky } from '../assign.ts'

const NAME = 'whiply-sticky'
const VERSION = 1

/** What a member tells of itself when it joins. */
export type Standing = { readonly held: Assignment; readonly refused: Assignment }

type Told = Readonly<Record<keyof Standing, Readonly<Record<string, readonly number[]>>>>

const standingOf = (userData: Buffer): Standing => {
  try {
    const { held, refused } = JSON.parse(userData.toString()) as Told
    return { held: new Map(Object.entries(held)), refused: new Map(Object.entries(refused)) }
  } catch {
    // A member of another release, or one that joins anew: it holds nothing that is known of.
    return { held: new Map(), refused: new Map() }
  }
}

const tell = ({ held, refused }: Standing): Buffer => {
  const told: Told = { held: Object.fromEntries(held), refused: Object.fromEntries(refused) }
  return Buffer.from(JSON.stringify(told))
}

/**
 * kafkajs rebalances eagerly: at each change everybody gives up all and is given anew. Members tell what they held, so
 * that they are given the same again, and owners keep their state and claims; and what they cannot serve.
 */
export const stickyAssigner =
  (standing: () => Standing): PartitionAssigner =>
  ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: tell(standing()),
      }),
    }),
    assign: async ({ members, topics }) => {
      const known = members.map(({ memberId, memberMetadata }) => {
        const metadata = AssignerProtocol.MemberMetadata.decode(memberMetadata)
        const { held, refused } = standingOf(metadata?.userData ?? Buffer.alloc(0))
        return { id: memberId, topics: metadata?.topics ?? [], owned: held, refused }
      })
      const counts = new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]))
      return [...assignSticky(known, counts)].map(([memberId, assigned]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: VERSION,
          assignment: Object.fromEntries([...assigned].map(([topic, numbers]) => [topic, [...numbers]])),
          userData: Buffer.alloc(0),
        }),
      }))
    },
  })
