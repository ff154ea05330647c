import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pageByMember } from './by-member.ts'

const mostOfOne = 3

test('pages one after another hold every row once, however many a member has', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: mostOfOne }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 8 }),
      (counts, limit) => {
        const rows = counts.flatMap((count, member) =>
          Array.from({ length: count }, (_, index) => ({ memberId: `${member + 1}`, index })),
        )
        const read: (typeof rows)[number][] = []
        for (let after: string | null = '0'; after !== null; ) {
          const from = Number(after)
          const found = rows.filter(({ memberId }) => Number(memberId) > from).slice(0, limit + mostOfOne)
          const page: ReturnType<typeof pageByMember<(typeof rows)[number]>> = pageByMember(found, limit)
          assert.ok(page.page.length < limit + mostOfOne)
          read.push(...page.page)
          after = page.after
        }
        assert.deepEqual(read, rows)
      },
    ),
  )
})
