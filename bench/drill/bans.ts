import { setTimeout as wait } from 'node:timers/promises'
import { call, logIn, type Person } from '../people.ts'
import type { RunningWhiply } from '../whiply.ts'
import type { Ban } from './check.ts'

export type BansOptions = {
  readonly whiply: RunningWhiply
  readonly channels: readonly string[]
  /** Of each channel its owner first, then the others that talk there. */
  readonly people: readonly Person[]
  readonly talkersPerChannel: number
}

/** Bans one talker after another, each in a channel of its own turn; the banned go on trying to post. */
export type Bans = {
  /** Resolves once the ban was acknowledged; does nothing where nobody is left to be banned. */
  readonly next: () => Promise<void>
  readonly all: () => readonly Ban[]
}

const tryWithinMs = 60_000
const againMs = 250

export const createBans = ({ whiply, channels, people, talkersPerChannel }: BansOptions): Bans => {
  const bans: Ban[] = []

  const ban = async (channel: string, owner: Person, member: string): Promise<void> => {
    const deadline = performance.now() + tryWithinMs
    let { token } = owner
    for (;;) {
      const path = `/v1/channels/${channel}/acts`
      const body = { kind: 'ban', member, reason: 'drill' }
      const { address } = owner
      const answer = await call(whiply.httpPort, { method: 'POST', path, address, token, body }).catch(() => undefined)
      if (answer?.status === 200) {
        bans.push({ channel, member, seq: Number(answer.body.seq) })
        return
      }
      if (answer?.status === 401) token = await logIn(whiply.httpPort, owner).catch(() => token)
      // Not known in time, or an app is away: a ban that was decided already is decided again, with a later number.
      if (performance.now() > deadline) throw new Error(`a ban was not acknowledged: ${answer?.status}`)
      await wait(againMs)
    }
  }

  return {
    next: async () => {
      const turn = bans.length
      const index = turn % channels.length
      const place = 1 + Math.floor(turn / channels.length)
      const channel = channels[index]
      const owner = people[index * talkersPerChannel]
      const member = place < talkersPerChannel ? people[index * talkersPerChannel + place] : undefined
      if (channel !== undefined && owner && member) await ban(channel, owner, member.accountId)
    },
    all: () => bans,
  }
}
