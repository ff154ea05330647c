import type { Command } from '#libs/config/app.ts'
import { type Parked, parkedList, parkedRetry } from '#libs/readmodel/parked.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { projectionsOf } from './projections.ts'
import { openReadSide, type ReadSide } from './read-side.ts'

/** `messages_v1_2` → `messages`, `manager/handles` → `handles`: how an operator names who parked something. */
const ownerOf = ({ reader }: Parked): string => reader.replace(/^manager\//, '').replace(/_v\d+(_\d+)?$/, '')

const line = (parked: Parked): string =>
  [
    ownerOf(parked).padEnd(10),
    `${parked.family}.${parked.partition}.${parked.n}`.padEnd(18),
    parked.key,
    `${parked.commandType} ${parked.commandId}`,
    `${parked.code}${parked.at && ` at ${parked.at}`}`,
    `${parked.attempts} attempts, ${parked.behind} behind it, since ${parked.parked.toISOString()}`,
  ].join('  ')

const withReadSide = async (
  [config, _, signal]: Parameters<Command>,
  run: (side: ReadSide) => Promise<number>,
): Promise<number> => {
  const side = await openReadSide(config, createLogger('projector', 'error'), signal)
  try {
    return await run(side)
  } finally {
    await side.close()
  }
}

/** `whiply parked list`: a line for each key that stands still. */
export const listParked: Command = (...given) =>
  withReadSide(given, async ({ sql }) => {
    const parked = await parkedList(sql)
    process.stdout.write(parked.length === 0 ? 'nothing is parked\n' : `${parked.map(line).join('\n')}\n`)
    return 0
  })

/**
 * `whiply parked retry [PROJECTION [KEY]]`: applies parked records again, in order. Exit code 1 where something is still
 * parked after it.
 */
export const retryParked: Command = (...given) =>
  withReadSide(given, async (side) => {
    const [owner, key] = given[1]
    const projections = projectionsOf(side.vault.keys)
    const results = await parkedRetry(
      { ...side, projections },
      (parked) => (owner === undefined || ownerOf(parked) === owner) && (key === undefined || parked.key === key),
    )
    if (results.length === 0) process.stdout.write('nothing is parked\n')
    for (const { id, applied, left, code } of results)
      process.stdout.write(`${id}: ${applied} applied, ${left} left${code === undefined ? '' : ` (${code})`}\n`)
    return results.some(({ left }) => left > 0) ? 1 : 0
  })
