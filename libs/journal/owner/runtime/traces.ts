import { continueStage, type Stage } from '#libs/telemetry/trace.ts'
import type { AttemptEntry, OutcomeEntry } from '../../envelope.ts'
import type { Offset } from '../../log.ts'
import type { PreparedCommand } from '../../turn.ts'

/** Traces of commands under way: from where the command was read to where its outcome was read back. */
export type DecisionTraces = {
  /** The command as it goes on: its outcome will name this stage as its parent. */
  readonly begin: <Command>(prepared: PreparedCommand<Command>) => PreparedCommand<Command>
  readonly end: (commandOffset: Offset) => void
  /** These are being written to the journal; there is one send in flight at most (I4). */
  readonly appending: (entries: readonly (OutcomeEntry | AttemptEntry)[]) => void
  /** They are acknowledged, or have failed. */
  readonly appended: (outcome: 'acknowledged' | 'failed') => void
  readonly clear: () => void
}

export const decisionTraces = (family: string, partition: number): DecisionTraces => {
  const stages = new Map<Offset, Stage>()
  let appends: readonly Stage[] = []
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
    appending: (entries) => {
      if (stages.size === 0) return
      appends = entries.flatMap((entry) =>
        entry.kind === 'outcome' ? [continueStage('append', entry.traceparent, { family, partition })] : [],
      )
    },
    appended: (outcome) => {
      for (const stage of appends) stage.end({ outcome })
      appends = []
    },
    clear: () => {
      for (const stage of stages.values()) stage.end()
      stages.clear()
    },
  }
}
