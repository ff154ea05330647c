import type { Sql } from 'postgres'
import { openPostgres } from '#libs/postgres/open.ts'

/** A read model in which nothing happens holds no connection: there are many, and a server takes a hundred by default. */
const IDLE_SECONDS = 60

/** What the kit needs of a database: its address, and connections that it closes itself. */
export type Connect = (schema: string, connections: number) => Sql

/**
 * Connections whose unqualified names mean tables of `schema`. Commits do not wait for the disk: rows and positions
 * are lost together in a crash of Postgres, and read again from the journal.
 */
export const connectTo =
  (databaseUrl: string): Connect =>
  (schema, connections) =>
    openPostgres(databaseUrl, {
      max: connections,
      idle_timeout: IDLE_SECONDS,
      connection: {
        search_path: schema,
        synchronous_commit: 'off',
        application_name: `whiply ${schema}`,
      },
    })
