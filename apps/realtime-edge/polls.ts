import { pollFrame } from '#libs/channel/polls/frames.ts'
import { textFrame } from '#libs/protocols/native/wire.ts'
import { deliver } from './room.ts'
import type { Rooms } from './rooms.ts'

/** Tells every channel in which votes have come how they stand: one frame for however many. */
export const announcePolls = (rooms: Pick<Rooms, 'all'>): void => {
  for (const room of rooms.all()) {
    if (!room.pollChanged) continue
    room.pollChanged = false
    const { poll } = room.view ?? {}
    if (poll) deliver(room.members, textFrame(JSON.stringify(pollFrame(room.channel, poll))))
  }
}
