import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCommands, lengthOf, messageOf, typedOf } from './public/composer/commands.js'

const start = ({ isModerator = true, answer = {} } = {}) => {
  const done = []
  const commands = createCommands({
    act: async (asked) => {
      done.push(asked)
      return answer
    },
    accountOf: async (handle) => {
      if (handle !== 'ada') throw new Error(`There is nobody who goes by ${handle}.`)
      return '7'
    },
    moderates: () => isModerator,
    look: async (person) => void done.push(person),
    whisper: async (id, words) => void done.push([id, words]),
    topic: async (words) => void done.push(words),
    nuke: async (wanted) => {
      done.push(wanted)
      return { commandId: 'nuke' }
    },
    pollRunning: () => 'poll',
  })
  /** What a line does, and what is told then. */
  const typed = async (words) => {
    const told = await commands.of(words)?.()
    return told === undefined ? done.splice(0) : [...done.splice(0), told]
  }
  return { commands, typed }
}

test('what is said is deleted everywhere, as words or by a pattern, and taken back', async () => {
  const { typed } = start()
  const nuke = { withinMs: 600_000, durationMs: 600_000, dryRun: false }
  const told = 'It is deleted, and blocked until you decide. /unnuke takes it back.'
  for (const [line, wanted] of [
    ['/nuke free skins', { text: 'free skins', match: 'text' }],
    ['/nuke 2h free skins', { text: 'free skins', match: 'text', durationMs: 7_200_000 }],
    ['/nuke 3 strikes', { text: '3 strikes', match: 'text' }],
    ['/nuke 10m', { text: '10m', match: 'text' }],
    ['/nuke /free *sk[i1]n/', { text: 'free *sk[i1]n', match: 'pattern' }],
    ['/nuke 1d /a/b+/', { text: 'a/b+', match: 'pattern', durationMs: 86_400_000 }],
    ['/nuke /path', { text: '/path', match: 'text' }],
  ])
    assert.deepEqual(await typed(line), [{ ...nuke, ...wanted }, told])
  for (const line of ['/nuke', '/nuke a', '/nuke /a/'])
    await assert.rejects(typed(line), { message: 'It is typed as /nuke [10m, 2h, 1d] words or /pattern/' })
  assert.deepEqual(await typed('/unnuke'), [{ kind: 'undo-nuke', nuke: 'nuke' }])
  await assert.rejects(typed('/unnuke'), { message: 'You have nuked nothing since the page was opened.' })
})

test('moderators type what is done, to whom, for how long and why', async () => {
  const { typed } = start()
  const member = '7'
  const shown = [
    ['/timeout @ada', { kind: 'time-out', member, durationMs: 600_000, reason: undefined }],
    ['/timeout ada 2h caps and flood', { kind: 'time-out', member, durationMs: 7_200_000, reason: 'caps and flood' }],
    ['/ban ada spam again', { kind: 'ban', member, reason: 'spam again' }],
    ['/timeout ada 90', { kind: 'time-out', member, durationMs: 90_000, reason: undefined }],
    ['/timeout ada 3 strikes', { kind: 'time-out', member, durationMs: 600_000, reason: '3 strikes' }],
    ['/timeout ada 5 min', { kind: 'time-out', member, durationMs: 600_000, reason: '5 min' }],
    ['/ban ada 3 strikes', { kind: 'ban', member, reason: '3 strikes' }],
    ['/ban ada 3', { kind: 'ban', member, reason: '3' }],
    ['/ban ada 3d 2 strikes', { kind: 'ban', member, durationMs: 259_200_000, reason: '2 strikes' }],
    ['/BAN ada 1d', { kind: 'ban', member, durationMs: 86_400_000, reason: undefined }],
    ['/unban ada', { kind: 'unban', member, reason: undefined }],
    ['/untimeout ada', { kind: 'lift-timeout', member, reason: undefined }],
    ['/untimeout ada apologised', { kind: 'lift-timeout', member, reason: 'apologised' }],
    ['/purge ada', { kind: 'delete-messages', member, reason: undefined }],
    ['/clear raid', { kind: 'clear', reason: 'raid' }],
    ['/slow', { kind: 'set-mode', mode: 'slow', value: 10 }],
    ['/slow 2m', { kind: 'set-mode', mode: 'slow', value: 120 }],
    ['/slow off', { kind: 'set-mode', mode: 'slow', value: null }],
    ['/followers', { kind: 'set-mode', mode: 'followers_only', value: 0 }],
    ['/shield', { kind: 'set-mode', mode: 'shield', value: 1 }],
    ['/emoteonly off', { kind: 'set-mode', mode: 'emote_only', value: null }],
    ['/topic tea at five', 'tea at five'],
    ['/topic', null],
    ['/unpin', { kind: 'pin', message: null }],
    ['/poll Tea? | Yes | No', { kind: 'start-poll', question: 'Tea?', options: ['Yes', 'No'], durationMs: 120_000 }],
    ['/endpoll', { kind: 'end-poll', poll: 'poll' }],
    ['/user ada', { id: member, name: 'ada' }],
    ['/w ada hi there', [member, 'hi there'], 'Whispered to ada.'],
    ['/warn ada', { kind: 'mark', member, mark: 'warning', reason: undefined }, 'ada is warned.'],
    [
      '/permit ada',
      { kind: 'mark', member, mark: 'link_permit', durationMs: 60_000, reason: undefined },
      'ada may post links for a while.',
    ],
    [
      '/permit @ada 5m his channel',
      { kind: 'mark', member, mark: 'link_permit', durationMs: 300_000, reason: 'his channel' },
      'ada may post links for a while.',
    ],
    [
      '/permit ada once',
      { kind: 'mark', member, mark: 'link_permit', value: 1, durationMs: 600_000, reason: undefined },
      'ada may post one message with links.',
    ],
    [
      '/permit ada Once 90 ',
      { kind: 'mark', member, mark: 'link_permit', value: 1, durationMs: 90_000, reason: undefined },
      'ada may post one message with links.',
    ],
    [
      '/permit ada oncelers',
      { kind: 'mark', member, mark: 'link_permit', durationMs: 60_000, reason: 'oncelers' },
      'ada may post links for a while.',
    ],
    [
      '/unpermit ada spam',
      { kind: 'unmark', member, mark: 'link_permit', reason: 'spam' },
      'ada posts links as the policy says.',
    ],
    ['/note ada kind', { kind: 'add-note', member, text: 'kind' }, 'Noted of ada.'],
  ]
  for (const [words, ...expected] of shown) assert.deepEqual(await typed(words), expected, words)
})

test('a ban that waits for other moderators is told as one', async () => {
  const { typed } = start({ answer: { proposal: 'ban', needed: 3 } })
  assert.equal((await typed('/ban ada')).at(-1), 'ada is timed out until 3 moderators are for the ban, you among them.')
})

test('what is typed otherwise is not done, and never said aloud', async () => {
  const { typed, commands } = start()
  for (const words of [
    '/ban',
    '/ban a',
    '/note ada',
    '/slow fast',
    '/poll Tea? | Yes',
    '/poll | a | b',
    '/shield on',
    '/me',
    '/Announce',
  ])
    await assert.rejects(() => typed(words), /^Error: It is typed as \//, words)
  await assert.rejects(() => typed('/ban nobody'), { message: 'There is nobody who goes by nobody.' })
  for (const words of [
    '/bann ada',
    '/constructor',
    '/w@ada my address is secret',
    '/w, ada hello',
    '/ban-user ada',
    '/r9kbeta',
    '/me: waves',
  ])
    await assert.rejects(async () => commands.of(words)(), /There is no \//, words)
  for (const words of ['hello /ban ada', '/etc/passwd is a file', '//ban ada', '/ slash', '/__proto__', 'ban ada'])
    assert.equal(commands.of(words), undefined, words)
})

test('who does not moderate is offered what is theirs', async () => {
  const { typed } = start({ isModerator: false })
  await assert.rejects(() => typed('/ban ada'), /There is no \/ban/)
  assert.deepEqual(await typed('/help'), ['/me what you do · /w handle words'])
  const [help] = await start().typed('/help')
  assert.match(help, /\/announce words .* \/ban handle/)
})

test('a message may be something that one does, be announced, or begin with a slash', () => {
  for (const [words, message] of [
    ['/me waves', { text: 'waves', form: 'action' }],
    ['/announce tea at five', { text: 'tea at five', form: 'announcement' }],
    ['//me waves', { text: '/me waves' }],
    ['plain', { text: 'plain' }],
  ]) {
    assert.deepEqual(messageOf(words), message)
    assert.equal(typedOf(message), words)
  }
})

test('messages of a form are known however large their names are written', () => {
  const { commands } = start()
  for (const [words, form] of [
    ['/Me waves', 'action'],
    ['/ANNOUNCE waves', 'announcement'],
  ]) {
    assert.equal(commands.of(words), undefined)
    assert.deepEqual(messageOf(words), { text: 'waves', form })
  }
})

test('a length of time is a number and perhaps a unit', () => {
  assert.deepEqual(['30', '10m', '2H', '1d', '1w', '0', '-1', '1y', 'm', '10 m', '1.5h', '9999999'].map(lengthOf), [
    30_000,
    600_000,
    7_200_000,
    86_400_000,
    604_800_000,
    ...Array(7).fill(undefined),
  ])
})
