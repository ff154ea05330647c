import type { Incompatibility } from './incompatibility.ts'
import { incompatibilitiesOf } from './resolve.ts'
import type { Schema } from './schema.ts'

/** What a new version of a schema owes to earlier ones. */
export const compatibilityLevels = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const

export type CompatibilityLevel = (typeof compatibilityLevels)[number]

/** BACKWARD: the newer schema reads what the older wrote. FORWARD: the older reads what the newer writes. */
export type Direction = 'BACKWARD' | 'FORWARD'

const directions: Readonly<Record<CompatibilityLevel, readonly Direction[]>> = {
  NONE: [],
  BACKWARD: ['BACKWARD'],
  BACKWARD_TRANSITIVE: ['BACKWARD'],
  FORWARD: ['FORWARD'],
  FORWARD_TRANSITIVE: ['FORWARD'],
  FULL: ['BACKWARD', 'FORWARD'],
  FULL_TRANSITIVE: ['BACKWARD', 'FORWARD'],
}

export const isTransitive = (level: CompatibilityLevel): boolean => level.endsWith('_TRANSITIVE')

/** One thing that a new version breaks for an earlier one. */
export type Breach<Version> = Incompatibility & {
  readonly direction: Direction
  /** The earlier version. */
  readonly against: Version
}

/**
 * What a new version breaks.
 * @param earlier oldest first; all of them count where the level is transitive, else the last
 * @throws AvroTooComplex
 */
export const breaches = <Version extends { readonly schema: Schema }>(
  level: CompatibilityLevel,
  newer: Schema,
  earlier: readonly Version[],
): readonly Breach<Version>[] => {
  const counted = isTransitive(level) ? earlier : earlier.slice(-1)
  return counted.flatMap((against) => directions[level].flatMap((direction) => breachesOf(direction, newer, against)))
}

const breachesOf = <Version extends { readonly schema: Schema }>(
  direction: Direction,
  newer: Schema,
  against: Version,
): readonly Breach<Version>[] => {
  const [reader, writer] = direction === 'BACKWARD' ? [newer, against.schema] : [against.schema, newer]
  return incompatibilitiesOf(reader, writer).map((found) => ({ ...found, direction, against }))
}
