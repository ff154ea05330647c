import { type Engine, type EngineExit, type EngineProcess, fingerprintOf, untilReady } from './engine.ts'
import { forgetProcess, rememberedEngine } from './orphan.ts'
import { startTimeOf, stopProcess } from './process.ts'

/** An adopted engine is no child of this process, so nobody tells of its end: it is looked at this often. */
const LOOK_EVERY_MS = 100

/** One that a launcher left running answers at once, unless it was still starting when its launcher was killed. */
const ANSWERS_WITHIN_MS = 5_000

/** The engine that was left running on this folder, if it was started as this one would be now. */
const leftRunning = (engine: EngineProcess): Engine | undefined => {
  const found = rememberedEngine(engine.dataDir)
  if (found?.fingerprint !== fingerprintOf(engine)) return undefined
  const { pid, startTime } = found
  const { promise: exited, resolve } = Promise.withResolvers<EngineExit>()
  const look = () => {
    if (startTimeOf(pid) === startTime) return
    clearInterval(looking)
    forgetProcess(engine.dataDir)
    resolve({ code: null, signal: null })
  }
  const looking = setInterval(look, LOOK_EVERY_MS).unref()
  let stopping: Promise<void> | undefined
  const stop = async () => {
    if (startTimeOf(pid) === startTime) await stopProcess(pid, engine.stopSignal, engine.stopGraceMs)
    look()
  }
  return {
    name: engine.name,
    pid,
    exited,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

/**
 * Takes over the engine that a killed launcher left running on this folder: the same programs, the same settings, and it
 * answers. Its exit is noticed within 0.1 s, but how it ended is not known.
 * @param timeoutMs one that does not answer within this is stopped
 * @returns undefined where there is none to be had; one that was started otherwise is left to `stopOrphan`
 */
export const adoptEngine = async (
  engine: EngineProcess,
  probe: () => Promise<void>,
  timeoutMs = ANSWERS_WITHIN_MS,
): Promise<Engine | undefined> => {
  const found = leftRunning(engine)
  if (found === undefined) return undefined
  return untilReady(found, { logFile: engine.logFile, timeoutMs, probe }).then(
    () => found,
    () => undefined,
  )
}
