import { broadcastErrors } from '#libs/broadcast/errors.ts'
import { playbackErrors } from '#libs/broadcast/playback-errors.ts'
import { channelErrors } from '#libs/channel/errors.ts'
import { conversationErrors } from '#libs/conversation/errors.ts'
import { httpErrors } from '#libs/http/errors.ts'
import type { ErrorTable } from '#libs/http/problem.ts'
import { identityErrors } from '#libs/identity/errors.ts'
import { identityHttpErrors } from '#libs/identity/http/errors.ts'
import { imageErrors } from '#libs/images/errors.ts'
import { integrationErrors } from '#libs/integration/errors.ts'
import { commandErrors } from '#libs/journal/errors.ts'

/** Every code that this edge answers with. */
export const errors: ErrorTable = {
  ...httpErrors,
  ...commandErrors,
  ...imageErrors,
  ...identityErrors,
  ...identityHttpErrors,
  ...channelErrors,
  ...broadcastErrors,
  ...playbackErrors,
  ...conversationErrors,
  ...integrationErrors,
}
