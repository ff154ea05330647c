import { isIP } from 'node:net'
import { type ConnectionOptions, checkServerIdentity } from 'node:tls'
import { ConfigError } from '#libs/config/config.ts'
import { readTls } from '#libs/config/tls.ts'

/** How a connection is secured: not at all, where the server can (`prefer`), or as `node:tls` is told. */
type Security = false | 'prefer' | ConnectionOptions

/** An address without what it says of TLS, which stands beside it. */
export type PostgresAddress = { readonly url: string; readonly ssl: Security | undefined }

/** Parameters of libpq that postgres.js does not know or would send to the server. */
const ours = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const

const modes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
type Mode = (typeof modes)[number]
const isMode = (text: string): text is Mode => modes.some((mode) => mode === text)

const file = (name: string, path: string | null) => (path ? { name: `${name} in DATABASE_URL`, path } : undefined)

/**
 * Reads DATABASE_URL as libpq does, so that the same address serves `psql` and `pg_dump` (PostgreSQL 18 documentation,
 * 32.19 SSL Support): `require` encrypts and looks at no certificate, unless it is told an authority; `verify-ca` asks for
 * one of that authority; `verify-full` for one with the server's name as well. Without a mode there is no TLS.
 * @throws ConfigError for an unknown mode and for files that cannot be used
 */
export const readAddress = (databaseUrl: string): PostgresAddress => {
  if (!URL.canParse(databaseUrl)) return { url: databaseUrl, ssl: undefined }
  const url = new URL(databaseUrl)
  const [mode, ca, cert, key] = ours.map((name) => url.searchParams.get(name))
  for (const name of ours) url.searchParams.delete(name)
  if (!mode) {
    if (ca || cert || key) throw new ConfigError('sslrootcert, sslcert and sslkey in DATABASE_URL need an sslmode')
    return { url: databaseUrl, ssl: undefined }
  }
  if (!isMode(mode))
    throw new ConfigError(`sslmode in DATABASE_URL must be one of ${modes.join(', ')} (it is "${mode}")`)
  return { url: url.href, ssl: securityOf(mode, url.hostname, { ca, cert, key }) }
}

type Paths = Readonly<Record<'ca' | 'cert' | 'key', string | null | undefined>>

const securityOf = (mode: Mode, host: string, { ca, cert, key }: Paths): Security => {
  if (mode === 'disable') return false
  const system = ca === 'system'
  const material = readTls({
    ca: system ? undefined : file('sslrootcert', ca ?? null),
    cert: file('sslcert', cert ?? null),
    key: file('sslkey', key ?? null),
  })
  if (mode === 'prefer') return 'prefer'
  if (mode === 'require' && !ca) return { ...material, rejectUnauthorized: false }
  if (mode !== 'verify-full') return { ...material, checkServerIdentity: () => undefined }
  // For an address instead of a name, postgres.js would have `localhost` looked for in the certificate.
  return isIP(host) === 0
    ? material
    : { ...material, checkServerIdentity: (_, shown) => checkServerIdentity(host, shown) }
}
