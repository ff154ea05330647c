import { codecs } from '#libs/contracts/codecs.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import type { BroadcastCommand } from '../commands.ts'
import type { BroadcastEvent } from '../events.ts'
import { type KeeperOptions, keeperManager } from './keeper.ts'

/** A keeper of recordings in a test: has what follows on events done, and tells the commands that it has sent. */
export const keeping = (options: Pick<KeeperOptions, 'objects'> & Partial<KeeperOptions>, channelId: string) => {
  const sent: BroadcastCommand[] = []
  const manager = keeperManager({
    isErased: async () => false,
    picture: async () => {},
    join: async () => undefined,
    logger: createLogger('test', 'silent'),
    send: async (_channelId, command) => {
      sent.push(command)
      return { kind: 'accepted', events: 1, summary: {} }
    },
    ...options,
  })
  let n = 0
  return {
    sent,
    after: async (...events: readonly BroadcastEvent[]): Promise<void> => {
      n++
      const tasks = await manager.prepare([
        {
          family: 'broadcast',
          partition: 0,
          offset: n,
          claim: 0,
          n,
          key: channelId,
          at: Date.now(),
          commandOffset: n,
          commandId: uuidv7(),
          commandType: 'test',
          principal: 'system',
          origin: 'test',
          stateVersion: 1,
          fingerprint: '',
          outcome: { kind: 'accepted', events: events.map(codecs.broadcast.encodeEvent), summary: {} },
        },
      ])
      const signal = new AbortController().signal
      for (const { run } of tasks) await run(signal, { decided: 0, parked: false })
    },
  }
}
