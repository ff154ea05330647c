import type { PersonalFile } from '#libs/readmodel/personal-data/file.ts'
import type { AuditEdge } from './http/edge.ts'
import { shownToActor, shownToOwner } from './http/shown-to-owner.ts'
import { type Asked, openRows } from './queries.ts'

type Part = Pick<AuditEdge, 'rows' | 'keys'>

const ROWS = 200

async function* pagesOf({ rows, keys }: Part, asked: Omit<Asked, 'limit'>) {
  for (let before = asked.before; ; ) {
    const found = await rows({ ...asked, before, limit: ROWS })
    yield await openRows(found, keys)
    before = found.at(-1)
    if (found.length < ROWS) return
  }
}

/** What the audit has about a person: what happened to their account, and what they did that others should be able to see. */
export const auditFiles = (part: Part): readonly PersonalFile[] => [
  {
    name: 'activity',
    what: 'What has happened to the account, and whether the person, staff or the platform did it',
    atErasure: 'unreadable',
    async *pages({ accountId }) {
      for await (const rows of pagesOf(part, { target: accountId, family: 'account' })) yield rows.map(shownToOwner)
    },
  },
  {
    name: 'acts',
    what: 'What the person did that is a matter of safety, or was refused: as owner of an account, moderator or staff',
    atErasure: 'unreadable',
    async *pages({ accountId }) {
      for await (const rows of pagesOf(part, { actor: accountId })) yield rows.map(shownToActor)
    },
  },
]
