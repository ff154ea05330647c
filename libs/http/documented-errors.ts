import type { RouteDocument } from './route.ts'

/**
 * Every code that a route may answer with: its own, and what follows from what it takes. `tokenCodes` are those with which
 * a token is refused, which is not the kit's to know.
 */
export const documentedErrors = (route: RouteDocument, tokenCodes: readonly string[]): readonly string[] => [
  ...new Set([
    ...route.errors,
    ...(route.params || route.query || route.body || route.reads || route.ifMatch ? ['http.invalid_request'] : []),
    ...(route.params ? ['http.malformed_request'] : []),
    ...(route.body
      ? ['http.malformed_json', 'http.body_too_large', 'http.body_timeout', 'http.unsupported_media_type']
      : []),
    ...(route.upload ? ['http.body_too_large', 'http.body_timeout', 'http.unsupported_media_type'] : []),
    ...(route.auth === 'none' ? [] : ['http.unauthenticated', 'http.insufficient_scope', ...tokenCodes]),
    ...(route.auth === 'account' ? ['http.password_change_required'] : []),
    ...(route.fresh ? ['http.reauthentication_required'] : []),
    ...(typeof route.access === 'object' && 'platform' in route.access
      ? ['http.forbidden', 'http.second_factor_required']
      : []),
    ...(route.cookie ? ['http.origin_refused'] : []),
    ...(route.reads ? ['platform.behind'] : []),
    ...(route.ifMatch === 'required' ? ['http.precondition_required'] : []),
    ...(route.command ? commandCodes : []),
    ...(route.rate === 'read' ? [] : ['http.address_banned']),
    'http.rate_limited',
    'platform.internal',
    'platform.busy',
    'platform.unavailable',
    'platform.timeout',
  ]),
]

/** What may come of any command, whatever its family's rules say. */
const commandCodes = [
  'http.invalid_idempotency_key',
  'command.expired',
  'command.id_reused',
  'command.too_old',
  'command.too_new',
  'command.poisoned',
  'command.malformed',
  'command.subject_erased',
  'platform.disk_full',
]
