import type { Phase } from '../owner/state.ts'
import type { ModelFold } from './domain.ts'
import { entryAt, type ModelEntry, type ModelOwner, type OpenSend, type World } from './world.ts'

/**
 * Two worlds with the same key go on in the same way. What an owner has read is named by how far it has read, since
 * anything else it believes is held against the journal in every world.
 */
export const keyOf = (world: World): string =>
  [
    world.truth.map((_, offset) => entryKey(entryAt(world, offset))).join(','),
    world.owners.map(ownerKey).join(';'),
    world.sends.map(sendKey).sort().join(';'),
    world.snapshot?.next ?? '',
    Object.values(world.left).join(''),
  ].join('/')

const entryKey = (entry: ModelEntry | undefined): string => {
  switch (entry?.kind) {
    case 'claim':
      return `C${entry.nonce}`
    case 'attempt':
      return `T${entry.claim}.${entry.n}.${entry.attempt}`
    case 'outcome':
      return `${entry.result[0]}${entry.claim}.${entry.n}.${entry.commandOffset}@${entry.at % 100_000}`
    default:
      return ''
  }
}

const ownerKey = ({ owner, sends, read, phase }: ModelOwner): string =>
  `${owner}${sends}<${read.next}${phaseKey(phase)}`

const phaseKey = (phase: Phase<ModelFold>): string => {
  switch (phase.name) {
    case 'following':
      return 'F'
    case 'claiming':
      return `C${phase.send}.${phase.readAt ?? ''}`
    case 'reading':
      return `R${phase.claim}`
    case 'stopped':
      return 'S'
    case 'owning': {
      const unread = phase.unread.map(
        ({ send, firstN, offset, behind, fold }) =>
          `${send}.${firstN}.${offset ?? ''}.${fold.accepted}.${behind.at(-1)?.attempts ?? ''}`,
      )
      const careful = phase.careful ? `c${phase.careful.until}.${phase.careful.marked ?? ''}` : ''
      return `O${phase.claim}.${phase.inFlight ?? ''}${careful}[${unread.join('|')}]`
    }
  }
}

const sendKey = ({ owner, orphan, send, entries, writtenAt }: OpenSend): string =>
  `${owner}${orphan ? 'o' : ''}${send}@${writtenAt ?? ''}:${entries.map(entryKey).join(',')}`
