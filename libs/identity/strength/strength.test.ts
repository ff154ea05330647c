import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownWords } from './own-words.ts'
import { createStrength } from './strength.ts'

const ada = { handle: 'ada_lovelace', displayName: 'Countess Ada', email: 'a.byron@example.org' }
const words = ownWords(ada, 'https://stage.example')

test('what guessers try first is refused, with a hint; what they do not is taken', async (t) => {
  const strength = createStrength()
  t.after(() => strength.close())
  for (const weak of [
    'password',
    '12345678',
    'qwertyuiop',
    'iloveyou1997',
    'P@ssw0rd2024!',
    'aaaaaaaaaaaa',
    'a'.repeat(256),
    'p@$$w0rd'.repeat(32),
    'ada_lovelace',
    'Countess1815',
    'a.byron@example.org',
    'stage.example1',
    'WHIPLY2026',
  ])
    assert.match((await strength.weakness(weak, words)) ?? '', /\w \w/, weak)
  for (const strong of [
    'correct horse battery',
    'another password',
    'x9$kL2m!q',
    'zwölf Boxkämpfer jagen',
    '正確馬電池釘書針の猫',
    `${'correct horse battery '.repeat(11)}and so`,
  ])
    assert.equal(await strength.weakness(strong, words), undefined, strong)
  const own = ownWords({ ...ada, handle: 'zorblax_q' }, 'https://stage.example')
  assert.equal(await strength.weakness('Zorblax_Q1', words), undefined)
  assert.ok(await strength.weakness('Zorblax_Q1', own), 'one’s own words are no secret')
})

test('words of one’s own are the names, whole and in their parts', () => {
  assert.deepEqual(ownWords({ handle: 'Ada_L', displayName: null, email: 'a.byron@mail.org' }, 'https://w.example'), [
    'ada_l',
    'a.byron@mail.org',
    'whiply',
    'w.example',
    'ada',
    'byron',
    'mail',
    'org',
    'example',
  ])
})

test('the worst that can be sent does not hold up the event loop, and beyond the queue a caller is told', async (t) => {
  const strength = createStrength({ queue: 3 })
  t.after(() => strength.close())
  await strength.weakness('warm', [])
  const turns = { count: 0 }
  const ticking = setInterval(() => turns.count++, 1)
  const asked = Array.from({ length: 4 }, () => strength.weakness('@4$5!1|0'.repeat(32), words))
  await assert.rejects(strength.weakness('one more', []), { code: 'auth.busy' })
  await Promise.all(asked)
  clearInterval(ticking)
  assert.ok(turns.count > 3, 'the loop went on while four were looked at')
})

test('a thread without work ends, one that is stuck too, and the next password has another', async (t) => {
  const strength = createStrength({ idleMs: 0 })
  t.after(() => strength.close())
  for (let turn = 0; turn < 2; turn++) assert.ok(await strength.weakness('password', []))
  for (const bound of [{ stuckMs: 0 }, { startMs: 0 }]) {
    const stuck = createStrength(bound)
    t.after(() => stuck.close())
    await assert.rejects(stuck.weakness('@4$5!1|0'.repeat(32), []), { code: 'auth.busy' })
  }
  await strength.close()
})
