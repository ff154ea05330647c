/**
 * Makes something of a value once, as long as it is among the last `most` that were asked for. The same for ever; what it
 * keeps only makes it faster. Values are told apart by identity.
 */
export const keptReady = <Value extends object, Made>(
  most: number,
  make: (value: Value) => Made,
): ((value: Value) => Made) => {
  const ready = new Map<Value, Made>()
  return (value) => {
    const known = ready.get(value)
    if (known !== undefined) return known
    const made = make(value)
    const oldest = ready.size >= most ? ready.keys().next().value : undefined
    if (oldest) ready.delete(oldest)
    ready.set(value, made)
    return made
  }
}
