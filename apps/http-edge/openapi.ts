import { auditHttpRoutes } from '#libs/audit/routes.ts'
import { recordingRoutes } from '#libs/broadcast/recordings/routes.ts'
import { broadcastRoutes } from '#libs/broadcast/routes.ts'
import { channelRoutes } from '#libs/channel/routes.ts'
import { conversationRoutes } from '#libs/conversation/routes.ts'
import { openApiDocument } from '#libs/http/openapi.ts'
import type { RouteDocument } from '#libs/http/route.ts'
import { identityRoutes } from '#libs/identity/routes.ts'
import { integrationRoutes } from '#libs/integration/routes.ts'
import { toYaml } from '#libs/protocols/native/yaml.ts'
import { errors } from './errors.ts'
import { platformRoutes } from './platform-routes.ts'
import { verificationRoutes } from './verify.ts'

/** Every route of this edge, as documentation has them. */
export const documentedRoutes: readonly RouteDocument[] = [
  ...platformRoutes,
  ...verificationRoutes,
  ...identityRoutes,
  ...auditHttpRoutes,
  ...channelRoutes,
  ...broadcastRoutes,
  ...recordingRoutes,
  ...conversationRoutes,
  ...integrationRoutes,
]

/** With which an access token is refused. */
export const tokenCodes = ['identity.token_expired', 'identity.token_invalid', 'identity.account_suspended'] as const

const info = {
  title: 'whiply',
  version: '1.0.0',
  description:
    'Accounts, channels, chat and moderation. Every error is a problem document (RFC 9457) with a stable `code`. ' +
    'Commands take an `Idempotency-Key` and answer with a `Position`, which a later query takes as `min-position`. ' +
    'What happens live comes over the socket that `/v1/config` names.',
}

/** The API as an OpenAPI 3.1 document. */
export const openApi = (): Record<string, unknown> => openApiDocument(documentedRoutes, errors, info, tokenCodes)

/** The text of `schemas/openapi.yaml`. */
export const openApiYaml = (): string =>
  `# Generated from the routes of apps/http-edge.\n${toYaml(JSON.parse(JSON.stringify(openApi())))}`
