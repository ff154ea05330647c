import { AssignerProtocol, type PartitionAssigner } from 'kafkajs'
import { type Assignment, assignSticky } from '../assign.ts'

const NAME = 'whiply-sticky'
const VERSION = 1

type Owned = Readonly<Record<string, readonly number[]>>

const ownedOf = (userData: Buffer): Assignment => {
  try {
    return new Map(Object.entries(JSON.parse(userData.toString()) as Owned))
  } catch {
    // A member of another release, or one that joins anew: it holds nothing that is known of.
    return new Map()
  }
}

/**
 * kafkajs rebalances eagerly: at each change everybody gives up all and is given anew. Members tell what they held, so
 * that they are given the same again, and owners keep their state and claims.
 */
export const stickyAssigner =
  (held: () => Assignment): PartitionAssigner =>
  ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(JSON.stringify(Object.fromEntries(held()))),
      }),
    }),
    assign: async ({ members, topics }) => {
      const known = members.map(({ memberId, memberMetadata }) => {
        const metadata = AssignerProtocol.MemberMetadata.decode(memberMetadata)
        return { id: memberId, topics: metadata?.topics ?? [], owned: ownedOf(metadata?.userData ?? Buffer.alloc(0)) }
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
