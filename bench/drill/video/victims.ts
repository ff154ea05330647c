import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { encoderPid } from '../../video/ladder-lag.ts'
import type { RunningWhiply } from '../../whiply.ts'
import { within } from './within.ts'

/** What can be taken from under a live broadcast. */
export const videoVictims = ['ingest', 'encoder', 'objects', 'kafka'] as const
export type VideoVictim = (typeof videoVictims)[number]

const AWAY_MS = 4_000

/** Takes the victim away, and gives it back where nobody else does. @returns after how many ms it is there again */
export const strike = async (whiply: RunningWhiply, victim: VideoVictim): Promise<number> => {
  if (victim === 'objects') {
    const folder = join(whiply.data, 'objects')
    await rename(folder, `${folder}.away`)
    await wait(AWAY_MS)
    await rename(`${folder}.away`, folder)
    return AWAY_MS
  }
  const find = () => (victim === 'encoder' ? encoderPid(whiply) : whiply.pidOf(victim))
  await within(`there is ${victim}`, () => find() !== undefined)
  const pid = find()
  if (pid === undefined) throw new Error(`there is no ${victim} to kill`)
  process.kill(pid, 'SIGKILL')
  const isBack = (): boolean => {
    const found = find()
    return found !== undefined && found !== pid
  }
  return within(`${victim} is back`, isBack, 10)
}
