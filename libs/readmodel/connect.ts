import postgres, { type Sql } from 'postgres'

/** What the kit needs of a database: its address, and connections that it closes itself. */
export type Connect = (schema: string, connections: number) => Sql

/**
 * Connections whose unqualified names mean tables of `schema`. Commits do not wait for the disk: rows and positions
 * are lost together in a crash of Postgres, and read again from the journal.
 */
export const connectTo =
  (databaseUrl: string): Connect =>
  (schema, connections) =>
    postgres(databaseUrl, {
      max: connections,
      onnotice: () => {},
      // The library asks for array types at each connect, and nobody hears of it when that fails: it would end the process.
      // So no array is ever a parameter here; lists go as JSON.
      fetch_types: false,
      connection: {
        search_path: schema,
        synchronous_commit: 'off',
        application_name: `whiply ${schema}`,
      },
    })
