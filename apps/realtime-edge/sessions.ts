import type { Connection } from './connection.ts'
import type { Identity } from './recipient.ts'

/** A connection of whatever protocol, as sessions know it. */
export type SessionConnection = Pick<Connection, 'identity' | 'address' | 'close'>

/** How long a socket goes on as somebody from its last `auth` on, whatever becomes of the token. */
export const SESSION_SOCKET_MS = 24 * 60 * 60_000

/** The connections of sessions and accounts, and what was revoked while a token of it may still be about. */
export type Sessions = {
  /** False where the session was revoked, or the account erased, a while ago: its token no longer counts. */
  readonly add: (connection: SessionConnection, identity: Identity) => boolean
  readonly remove: (connection: SessionConnection) => void
  readonly revoke: (sessionId: string) => void
  readonly erase: (accountId: string) => void
  /** Ends the sockets of an account that is out for a while; its tokens the verification refuses. */
  readonly suspend: (accountId: string, why: 'suspended' | 'deactivated') => void
  /** Whoever is there is of this role from now on. */
  readonly changeRole: (accountId: string, platformRole: string) => void
  /** Whether the account was erased while this edge has been running. */
  readonly isErased: (accountId: string) => boolean
  readonly of: (accountId: string) => ReadonlySet<SessionConnection>
}

/** Revocations that are remembered; far more than there are tokens alive whose session is revoked. */
const REMEMBERED = 100_000

const none: ReadonlySet<SessionConnection> = new Set()

const addTo = (index: Map<string, Set<SessionConnection>>, key: string, connection: SessionConnection): void => {
  const found = index.get(key)
  if (found) found.add(connection)
  else index.set(key, new Set([connection]))
}

const removeFrom = (index: Map<string, Set<SessionConnection>>, key: string, connection: SessionConnection): void => {
  const found = index.get(key)
  found?.delete(connection)
  if (found?.size === 0) index.delete(key)
}

export type SessionsOptions = {
  readonly now?: () => number
  /** An account has come from an address. */
  readonly met?: (accountId: string, address: string) => void
}

export const createSessions = ({ now = Date.now, met = () => {} }: SessionsOptions = {}): Sessions => {
  const bySession = new Map<string, Set<SessionConnection>>()
  const byAccount = new Map<string, Set<SessionConnection>>()
  const ended = new Set<string>()

  const remember = (key: string): void => {
    ended.add(key)
    for (const oldest of ended) {
      if (ended.size <= REMEMBERED) break
      ended.delete(oldest)
    }
  }

  const remove = (connection: SessionConnection): void => {
    const { identity } = connection
    if (!identity) return
    removeFrom(bySession, identity.sessionId, connection)
    removeFrom(byAccount, identity.accountId, connection)
  }

  const end = (connections: ReadonlySet<SessionConnection> | undefined, why: string): void => {
    for (const connection of connections ?? none) connection.close('sessionEnded', why)
  }

  return {
    add: (connection, identity) => {
      if (ended.has(`session ${identity.sessionId}`) || ended.has(`account ${identity.accountId}`)) return false
      remove(connection)
      connection.identity = { ...identity, provenAt: now() }
      addTo(bySession, identity.sessionId, connection)
      addTo(byAccount, identity.accountId, connection)
      met(identity.accountId, connection.address)
      return true
    },
    remove,
    revoke: (sessionId) => {
      remember(`session ${sessionId}`)
      end(bySession.get(sessionId), 'revoked')
    },
    erase: (accountId) => {
      remember(`account ${accountId}`)
      end(byAccount.get(accountId), 'erased')
    },
    suspend: (accountId, why) => end(byAccount.get(accountId), why),
    changeRole: (accountId, platformRole) => {
      for (const connection of byAccount.get(accountId) ?? none)
        if (connection.identity?.heldBackRole !== undefined)
          connection.identity = { ...connection.identity, heldBackRole: platformRole }
        else if (connection.identity) connection.identity = { ...connection.identity, platformRole }
    },
    isErased: (accountId) => ended.has(`account ${accountId}`),
    of: (accountId) => byAccount.get(accountId) ?? none,
  }
}
