import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxNuked } from '../rules/nukes.ts'
import { nukeCommand, PatternUnfit, searchRecent } from './search.ts'

const said = (...texts: readonly string[]) => ({
  recent: async (channelId: string, since: number, limit: number) => {
    assert.deepEqual([channelId, since, limit], ['7', 940_000, 20_000])
    return texts.map((text, index) => ({ messageId: `m${index}`, seq: 100 - index, authorId: '9', text }))
  },
})

const found = async (texts: readonly string[], term: string, match: 'text' | 'pattern') => {
  const messages = await searchRecent(said(...texts), '7', { term, match, withinMs: 60_000 }, 1_000_000)
  return messages.map(({ text }) => text)
}

test('a text is found without case and with single spaces, and stands for itself', async () => {
  const texts = ['FREE   skins', 'free skin.', 'freeskins', 'a free skins b']
  assert.deepEqual(await found(texts, ' Free skins', 'text'), ['FREE   skins', 'a free skins b'])
  assert.deepEqual(await found(texts, 'skin.', 'text'), ['free skin.'])
})

test('a pattern is found in what was written, without case', async () => {
  const texts = ['FREE   skins', 'free skin.', 'freeskins', 'free as a bird']
  assert.deepEqual(await found(texts, 'free *skin(s|$)', 'pattern'), ['FREE   skins', 'freeskins'])
  assert.deepEqual(await found(texts, '^free as', 'pattern'), ['free as a bird'])
})

test('what is no pattern is refused before anything is read', async () => {
  const unread = { recent: () => assert.fail('it was read') }
  for (const term of ['(?=a)b', 'a*', '(', 'x{600}'])
    await assert.rejects(
      searchRecent(unread, '7', { term, match: 'pattern', withinMs: 1 }, 2),
      (error) => error instanceof PatternUnfit && error.detail.problem !== '' && error.detail.maxSteps === 250,
    )
})

test('a nuke strikes so many messages at most, the latest first', async () => {
  const texts = Array.from({ length: maxNuked + 1 }, (_, index) => `spam ${index}`)
  assert.deepEqual(await found(texts, 'spam', 'text'), texts.slice(0, maxNuked))
})

test('the command names what was found, and blocks a term as it is compared', () => {
  const struck = [{ messageId: 'm1', seq: 3, authorId: '9', text: 'FREE skins' }]
  const command = nukeCommand(struck, { durationMs: 5, reason: 'raid' }, { term: 'FREE  skins', match: 'text' })
  const asked = { messageIds: ['m1'], messageSeqs: [3], members: ['9'], durationMs: 5, reason: 'raid' }
  assert.deepEqual(command, { type: 'NukeMessages', ...asked, term: 'free skins', match: 'text' })
  const pattern = nukeCommand(struck, {}, { term: 'FREE  s+', match: 'pattern' })
  assert.deepEqual([pattern.term, pattern.match, pattern.durationMs], ['FREE  s+', 'pattern', null])
  assert.deepEqual([nukeCommand([], {}, null).term, nukeCommand([], {}, null).match], [null, null])
})
