import { rejectionsOfTheId } from '#libs/journal/errors.ts'
import type { CommandGateway, OutboundCommand } from '#libs/journal/gateway.ts'
import { answerOf, type Detail, type OutcomeRecord, positionToken } from '#libs/journal/outcome.ts'
import { impersonatorHere } from './acting.ts'
import { type Fate, noteFate } from './fate.ts'
import { HttpProblem } from './problem.ts'

/** What came of a command that was not rejected, as the journal has it, or that it is still under way. */
export type Submitted =
  | {
      readonly kind: 'accepted'
      readonly summary: Detail
      /** For `min-position` of a query that must see it. */
      readonly position: string
      /** The record that was written for the command the first time. */
      readonly n: number
      /** It came before: this is what came of it then. */
      readonly isRepeat: boolean
    }
  | { readonly kind: 'pending'; readonly commandId: string }

/** What the edge needs to send commands. */
export type CommandDoor = {
  readonly gateway: Pick<CommandGateway, 'submit'>
  /** Whether new records are refused for lack of room on the disk. */
  readonly diskFull: () => boolean
}

/**
 * How long a command may lie undecided: longer than a client is kept waiting, so that a slow minute loses nothing, and a
 * minute more, since an edge's clock may be so far behind the owner's.
 */
export const COMMAND_LIFETIME_MS = 120_000

/**
 * Sends a command and waits for what the journal says of it. Throws a problem with the code of its rejection, or
 * `platform.busy`, `platform.disk_full`, `platform.unavailable` where it was not sent.
 */
export const submit = async (door: CommandDoor, command: OutboundCommand): Promise<Submitted> => {
  if (door.diskFull()) throw new HttpProblem('platform.disk_full')
  const impersonator = impersonatorHere()
  const record = await door.gateway.submit(impersonator === undefined ? command : { ...command, impersonator })
  const fate = fateOf(record)
  if (fate) noteFate(command.id, fate)
  return record ? submitted(record) : { kind: 'pending', commandId: command.id }
}

/** Undefined where the journal has said something of the id alone, which may be good later. */
const fateOf = (record: OutcomeRecord | undefined): Fate | undefined => {
  const answer = record && answerOf(record.outcome)
  if (answer?.kind !== 'rejected') return 'taken'
  return rejectionsOfTheId.has(answer.code) ? undefined : 'rejected'
}

/** A command that comes again is told what came of it the first time. Throws its rejection as a problem. */
export const submitted = (record: OutcomeRecord): Submitted & { readonly kind: 'accepted' } => {
  const { outcome } = record
  const first = answerOf(outcome)
  const isRepeat = outcome.kind === 'repeated'
  const n = isRepeat ? outcome.firstN : record.n
  if (first.kind === 'rejected') throw rejection(first.code, first.detail)
  return { kind: 'accepted', summary: first.summary, position: positionToken({ ...record, n }), n, isRepeat }
}

const rejection = (code: string, detail: Detail): HttpProblem => {
  const waitMs = detail.remainingMs
  return new HttpProblem(code, {
    detail,
    ...(typeof waitMs === 'number' && { headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) } }),
  })
}
