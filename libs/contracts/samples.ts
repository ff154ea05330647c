import type { FieldModel, MessageModel } from './model.ts'

/** Values of one event or command, by field. */
export type Sample = Readonly<Record<string, unknown>>

const texts = ['Zoë', '日本語', '👩‍🚀 to the moon', 'a "quoted" \\ text']

const valueFor = ({ name, type }: FieldModel, index: number): unknown => {
  if (type === 'Sealed' || type === 'Copied' || type === 'Buffer')
    return Buffer.from(`\u0001${name} ${texts[index % texts.length]}`)
  // The largest that an int holds, too.
  if (type === 'number') return 2 ** 31 - 1 - index
  if (type === 'boolean') return true
  if (type === 'readonly number[]') return [index, 2 ** 31 - 1 - index]
  if (type.startsWith('readonly ')) return [`${name} 1`, `${name} 2`]
  return /'(?<symbol>[^']+)'/.exec(type)?.groups?.symbol ?? `${name} ${texts[index % texts.length]}`
}

/** Two values of a type: one with every field filled, one with all left out that may be. */
export const samplesOf = ({ fields }: Pick<MessageModel, 'fields'>): readonly [Sample, Sample] => {
  const full = Object.fromEntries(fields.map((field, index) => [field.name, valueFor(field, index)]))
  const sparse = Object.fromEntries(fields.map(({ name, nullable }) => [name, nullable ? null : full[name]]))
  return [full, sparse]
}
