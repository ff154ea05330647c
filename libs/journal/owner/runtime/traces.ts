import { continueStage, type Stage } from '#libs/telemetry/trace.ts'
import type { Offset } from '../../log.ts'
import type { PreparedCommand } from '../../turn.ts'

/** Traces of commands under way: from where the command was read to where its outcome was read back. */
export type DecisionTraces = {
  /** The command as it goes on: its outcome will name this stage as its parent. */
  readonly begin: <Command>(prepared: PreparedCommand<Command>) => PreparedCommand<Command>
  readonly end: (commandOffset: Offset) => void
  readonly clear: () => void
}

export const decisionTraces = (family: string, partition: number): DecisionTraces => {
  const stages = new Map<Offset, Stage>()
  return {
    begin: (prepared) => {
      const { received, offset } = prepared
      if (received.traceparent === undefined) return prepared
      const stage = continueStage('decide', received.traceparent, { family, partition })
      if (stage.traceparent === undefined) return prepared
      stages.set(offset, stage)
      return { ...prepared, received: { ...received, traceparent: stage.traceparent } }
    },
    end: (commandOffset) => {
      stages.get(commandOffset)?.end()
      stages.delete(commandOffset)
    },
    clear: () => {
      for (const stage of stages.values()) stage.end()
      stages.clear()
    },
  }
}
