import { channelErrors } from '#libs/channel/errors.ts'
import { conversationErrors } from '#libs/conversation/errors.ts'
import { commandErrors } from '#libs/journal/errors.ts'
import { edgeErrors } from '../errors.ts'
import type { Poster } from '../posting.ts'

/** Every code that a refusal over IRC may carry. */
export const refusals: Readonly<Record<string, { readonly title: string }>> = {
  ...commandErrors,
  ...channelErrors,
  ...conversationErrors,
  ...edgeErrors,
}

/** A refusal in words, with how long to wait where that is known. */
export const wording = (code: string, waitMs: unknown): string => {
  const title = refusals[code]?.title ?? 'That was refused'
  return typeof waitMs === 'number' ? `${title}: wait ${Math.max(1, Math.ceil(waitMs / 1000))} s` : title
}

type Answer = Parameters<Poster['send']>[0]

/** What was refused, and how long to wait; undefined of what was not. */
export const refusalIn = (frame: Answer): { readonly code: string; readonly waitMs: unknown } | undefined => {
  if (frame.type === 'error') return { code: frame.code, waitMs: frame.retryAfterMs }
  if (frame.status !== 'rejected') return undefined
  return { code: frame.code ?? 'platform.unavailable', waitMs: frame.detail?.remainingMs }
}
