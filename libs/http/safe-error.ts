/**
 * What may be logged of an error: its name, its code and where it arose. Never its message, which may quote what a
 * person wrote or what an engine was asked.
 */
export const safeError = (error: unknown): { readonly name: string; readonly code?: string; readonly at: string } => {
  const { name, code, stack } = (error ?? {}) as Record<string, unknown>
  const frames = typeof stack === 'string' ? stack.split('\n').filter((line) => /^\s+at /.test(line)) : []
  return {
    name: typeof name === 'string' ? name : typeof error,
    ...(typeof code === 'string' && { code }),
    at: frames
      .slice(0, 5)
      .map((line) => line.trim().slice(3))
      .join(' < '),
  }
}
