import postgres, { type Sql } from 'postgres'

type Node = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly Plans?: readonly Node[]
}

type Explained = { readonly 'QUERY PLAN': readonly { readonly Plan: Node }[] }

const flatten = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(flatten)]

/** How Postgres runs the queries that a function makes: `<node> on <table> by <index>` for each access to a table. */
export const plansOf = async (databaseUrl: string, ask: (sql: Sql) => Promise<unknown>): Promise<readonly string[]> => {
  const asked: { readonly query: string; readonly parameters: unknown[] }[] = []
  const sql = postgres(databaseUrl, {
    max: 1,
    fetch_types: false,
    onnotice: () => {},
    debug: (_connection, query, parameters) => void asked.push({ query, parameters }),
  })
  try {
    await ask(sql)
    const accesses: string[] = []
    for (const { query, parameters } of [...asked]) {
      const explained = await sql.unsafe<Explained[]>(`explain (format json) ${query}`, parameters as never[])
      for (const node of explained.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan)))) {
        const table = node['Relation Name']
        const index = node['Index Name']
        if (table !== undefined || index !== undefined) accesses.push(`${node['Node Type']} ${index ?? table}`)
      }
    }
    return accesses
  } finally {
    await sql.end({ timeout: 1 })
  }
}
