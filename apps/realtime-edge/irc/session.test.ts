import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'
import { newTokenText } from '#libs/vault/token-text.ts'
import { ada, bob, channel, createWorld, owner } from '../edge.fixtures.ts'
import { limits } from '../limits.ts'
import { lineLimits } from './bounds.ts'
import { dialect, join, openClient, register } from './client.fixtures.ts'
import { tokenIn } from './registration.ts'
import type { Framing } from './wire.ts'

const framings: readonly Framing[] = ['tcp', 'websocket']

for (const framing of framings) {
  test(`over ${framing}: registers, joins, speaks, hears others, and is heard by native clients`, async (t) => {
    const world = createWorld()
    const edge = await world.edge(t)
    const native = await openSocket(t, edge.port)
    native.send({ type: 'auth', token: 'bob' })
    native.send({ type: 'join', channel })
    await native.next('joined')

    const client = await openClient(t, edge, framing)
    client.send('CAP LS 302', 'PASS oauth:ada', 'NICK anything', 'USER a 0 * :A')
    assert.match(
      await client.next(/ CAP /),
      /^:whiply CAP \* LS :twitch\.tv\/tags .*message-tags server-time echo-message$/,
    )
    client.send('CAP REQ :message-tags server-time', 'CAP REQ :message-tags sasl', 'CAP LIST', 'CAP END')
    assert.equal(await client.next(/ACK/), ':whiply CAP * ACK :message-tags server-time')
    assert.equal(await client.next(/NAK/), ':whiply CAP * NAK :message-tags sasl')
    assert.equal(await client.next(/LIST/), ':whiply CAP * LIST :message-tags server-time')
    for (const numeric of ['001', '002', '003', '004', '005', '375', '372', '376'])
      assert.ok((await client.next(new RegExp(`^:whiply ${numeric} `))).startsWith(`:whiply ${numeric} ada `), numeric)

    client.send('JOIN #Lobby')
    assert.equal(await client.next(/JOIN/), ':ada!ada@whiply JOIN #lobby')
    assert.equal(await client.next(/ 353 /), ':whiply 353 ada = #lobby :ada')
    assert.equal(await client.next(/ 366 /), ':whiply 366 ada #lobby :End of NAMES')

    native.send({ type: 'post', id: '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10', channel, text: 'Hello; you\\all' })
    const heard = await client.next(/PRIVMSG/)
    const at = 1_700_000_000_002
    assert.equal(
      heard,
      `@time=${new Date(at).toISOString()};room-id=1001;display-name=Bob;id=01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10;user-id=43;tmi-sent-ts=${at} :bob!bob@whiply PRIVMSG #lobby :Hello; you\\all`,
    )
    client.send('PRIVMSG #lobby :Hello: to you')
    const said = await native.next(
      'event',
      ({ event }) => event.kind === 'message' && event.author.id === ada.accountId,
    )
    assert.equal(said.event.kind === 'message' && said.event.text, 'Hello: to you')

    client.send('PING :once more')
    assert.equal(await client.next(/PONG/), 'PONG whiply :once more')
    assert.ok(!client.lines.some((line) => line.includes('Hello: to you')), 'what one says is not told to oneself')

    client.send('PART #lobby,#nowhere')
    assert.equal(await client.next(/PART/), ':ada!ada@whiply PART #lobby')
    assert.equal(await client.next(/ 442 /), ':whiply 442 ada #nowhere :You are not on that channel')
    await world.say('not heard any more', bob)
    client.send('QUIT :bye')
    assert.match(await client.next(/ERROR/), /^ERROR :Closing link: Quit$/)
    assert.equal(await client.closed, framing === 'tcp' ? 0 : 1000)
    assert.ok(!client.lines.some((line) => line.includes('not heard')))
    await until(() => edge.connections() === 1)
  })
}

test('the twitch.tv dialect: no CAP END, no USER, state at the join, timeouts and deletions, its own server name', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t)
  const client = await register(t, edge, 'ada', { framing: 'websocket', caps: dialect })
  assert.ok(client.lines.every((line) => line.startsWith(':tmi.twitch.tv ')))
  client.send('JOIN #lobby')
  assert.equal(await client.next(/ 353 /), ':ada.tmi.twitch.tv 353 ada = #lobby :ada')
  assert.match(
    await client.next(/USERSTATE/),
    /^@display-name=Ada;emote-sets=0;user-id=42 :tmi\.twitch\.tv USERSTATE #lobby$/,
  )
  assert.match(
    await client.next(/ROOMSTATE/),
    /^@.*room-id=1001;.*slow=0;subs-only=0 :tmi\.twitch\.tv ROOMSTATE #lobby$/,
  )

  await world.say('first', bob, '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10')
  await world.happen({
    type: 'MessageDeleted',
    ...channelAbsent.MessageDeleted,
    seq: world.seq() + 1,
    messageId: '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10',
    messageSeq: world.seq(),
    author: bob.accountId,
  })
  assert.match(
    await client.next(/CLEARMSG/),
    /^@room-id=1001;login=bob;target-msg-id=01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10;tmi-sent-ts=\d+ :tmi\.twitch\.tv CLEARMSG #lobby :$/,
  )
  const until = 1_700_000_000_000 + world.seq() + 1 + 60_000
  await world.happen({ type: 'MemberTimedOut', seq: world.seq() + 1, member: bob.accountId, until })
  assert.match(
    await client.next(/CLEARCHAT/),
    /^@room-id=1001;ban-duration=60;target-user-id=43;tmi-sent-ts=\d+ :tmi\.twitch\.tv CLEARCHAT #lobby :bob$/,
  )
  await world.happen({ type: 'MemberBanned', seq: world.seq() + 1, member: bob.accountId, until: null, origin: null })
  assert.match(
    await client.next(/CLEARCHAT/),
    /^@room-id=1001;target-user-id=43;tmi-sent-ts=\d+ :tmi\.twitch\.tv CLEARCHAT #lobby :bob$/,
  )
  await world.happen({ type: 'MessagesDeleted', seq: world.seq() + 1, author: null, messageSeqs: null })
  assert.match(await client.next(/CLEARCHAT/), /^@room-id=1001;tmi-sent-ts=\d+ :tmi\.twitch\.tv CLEARCHAT #lobby$/)
  const mode = { seq: world.seq() + 1, actor: owner.accountId, mode: 'followers_only', value: 600, since: 0 } as const
  await world.happen({ type: 'ModeChanged', ...mode })
  assert.match(
    await client.next(/ROOMSTATE/),
    /^@room-id=1001;followers-only=10;tmi-sent-ts=\d+ :tmi\.twitch\.tv ROOMSTATE #lobby$/,
  )
  await world.happen({
    type: 'SettingsChanged',
    seq: world.seq() + 1,
    actor: owner.accountId,
    topic: null,
    slowModeSeconds: 7,
  })
  assert.match(await client.next(/slow=7/), /^@room-id=1001;slow=7;tmi-sent-ts=\d+ :tmi\.twitch\.tv ROOMSTATE #lobby$/)
})

test('without tags and dialect lines are bare, and a timeout is told in words', async (t) => {
  const world = createWorld()
  const client = await register(t, await world.edge(t), undefined)
  await join(client)
  await world.say('/me waves', bob)
  assert.equal(await client.next(/PRIVMSG/), ':bob!bob@whiply PRIVMSG #lobby :\u0001ACTION waves\u0001')
  await world.happen({
    type: 'MemberTimedOut',
    seq: world.seq() + 1,
    member: bob.accountId,
    until: 1_700_000_000_003 + 1500,
  })
  assert.equal(await client.next(/NOTICE/), ':whiply NOTICE #lobby :bob is timed out for 2 s')
})

test('rejections come as NOTICE with the stable code, and the msg-id that clients know', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t)
  const client = await register(t, edge, 'ada', { caps: dialect })
  await join(client)
  const refused = async (line: string, msgId: string, code: string, text = '') => {
    client.send(line)
    const said = await client.next(/NOTICE/)
    assert.ok(said.startsWith(`@msg-id=${msgId} :tmi.twitch.tv NOTICE #`), said)
    assert.ok(said.includes(text) && said.endsWith(`[${code}]`), said)
  }
  await refused('PRIVMSG #lobby :refuse me', 'msg_timedout', 'channel.timed_out', 'wait 5 s')
  await refused(`PRIVMSG #lobby :${'x'.repeat(513)}`, 'msg_bad_characters', 'live.text_invalid')
  await refused('PRIVMSG #nowhere :hello', 'msg_channel_suspended', 'live.channel_not_found')
  await refused('JOIN #nowhere', 'msg_channel_suspended', 'live.channel_not_found')
  await refused('PRIVMSG #lobby :/ban bob', 'unrecognized_cmd', 'unrecognized_cmd')
  await refused('PRIVMSG #lobby :\u0001VERSION\u0001', 'unrecognized_cmd', 'unrecognized_cmd')
  world.setDiskFull(true)
  await refused('PRIVMSG #lobby :hello', 'platform_disk_full', 'platform.disk_full')
  world.setDiskFull(false)
  world.setDeciding(false)
  await refused('PRIVMSG #lobby :hello', 'platform_busy', 'platform.busy', 'wait 1 s')
  world.setDeciding(true)

  const reader = await register(t, edge, undefined)
  reader.send('PRIVMSG #lobby :hello')
  assert.equal(await reader.next(/NOTICE/), ':whiply NOTICE #lobby :Posting needs an account [live.unauthenticated]')

  for (let count = 0; count <= limits.posts.burst; count++) client.send(`PRIVMSG #lobby :${count}`)
  const limited = await client.next(/NOTICE/)
  assert.match(limited, /^@msg-id=msg_ratelimit .*: wait 1 s \[live\.rate_limited\]$/)
})

test('whoever cannot be told who they are is refused: 464 and words that clients of the dialect know', async (t) => {
  const world = createWorld()
  world.identify('unchanged', { ...ada, mustChangePassword: true })
  const edge = await world.edge(t)
  const refused = async (code: string, ...lines: readonly string[]) => {
    const client = await openClient(t, edge, 'tcp')
    client.send(...lines)
    assert.match(await client.next(/NOTICE/), new RegExp(`:Login authentication failed \\[${code}\\]$`))
    assert.match(await client.next(/ 464 /), new RegExp(`\\[${code}\\]$`))
    await client.next(/^ERROR/)
    await client.closed
  }
  await refused('live.invalid_token', 'PASS oauth:nobody', 'NICK ada')
  await refused('live.password_change_required', 'PASS unchanged', 'NICK ada')
  await refused('live.unauthenticated', 'NICK ada', 'USER ada 0 * :Ada')
  await until(() => edge.connections() === 0)
})

test('a token that may not read joins nothing, and one that may not write says nothing', async (t) => {
  const world = createWorld()
  world.identify('blind', { ...ada, scopes: ['account:read'] })
  world.identify('mute', { ...ada, scopes: ['chat:read'] })
  const edge = await world.edge(t)
  const blind = await openClient(t, edge, 'tcp')
  blind.send('CAP REQ :twitch.tv/tags twitch.tv/commands', 'PASS oauth:blind', 'NICK ada', 'JOIN #lobby')
  assert.match(await blind.next(/NOTICE/), /\[live\.insufficient_scope\]$/)
  const mute = await openClient(t, edge, 'tcp')
  mute.send('CAP REQ :twitch.tv/tags twitch.tv/commands', 'PASS oauth:mute', 'NICK ada', 'JOIN #lobby')
  await mute.next(/ JOIN #lobby$/)
  mute.send('PRIVMSG #lobby :hi')
  assert.match(await mute.next(/NOTICE/), /\[live\.insufficient_scope\]$/)
})

test('a token may be written in hexadecimal digits, since some clients write passwords in lower case', () => {
  const token = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl'
  for (const each of [token, newTokenText('personal'), newTokenText('bot'), newTokenText('login_key')])
    for (const password of [each, `oauth:${each}`, `OAUTH:${each}`, `oauth:${Buffer.from(each).toString('hex')}`])
      assert.equal(tokenIn(password), each)
  for (const password of ['deadbeef', 'oauth:deadbeef', 'abc', ''])
    assert.equal(tokenIn(password), password.replace('oauth:', ''))
})

test('whatever is sent as a password, a token is looked for in it and nothing breaks', () => {
  const digits = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('hex'))
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), digits), (text) => {
      assert.equal(tokenIn(`oauth:${text}`), tokenIn(text.replace(/^oauth:/i, '')))
    }),
  )
})

test('mistakes are answered by number', async (t) => {
  const client = await openClient(t, await createWorld().edge(t), 'tcp')
  const answered = async (line: string, answer: string) => {
    client.send(line)
    assert.equal(await client.next(/^:whiply \d/), `:whiply ${answer}`)
  }
  await answered('JOIN #lobby', '451 * :Say who you are first: PASS and NICK')
  await answered('NICK', '431 * :No nickname given')
  await answered('NICK #ada', '432 * :Not a nickname')
  await answered('PASS', '461 * PASS :PASS needs a password')
  await answered('USER ada', '461 * USER :USER needs 4 parameters')
  await answered('CAP ACK', '410 * :CAP knows LS, LIST, REQ and END')
  await answered('FLY away', '421 * FLY :Unknown command')
  await answered(`PING ${'x'.repeat(lineLimits.bodyBytes)}`, '417 * :Input line was too long')
  client.send('PASS ada', 'NICK ada')
  await client.next(/ 376 /)
  client.send('PONG :late', 'NOTICE #lobby :nothing comes of it', '@+typing=active TAGMSG #lobby', 'NICK Ada')
  await answered('USER ada 0 * :Ada', '462 ada :You are registered already')
  await answered('PASS ada', '462 ada :You are registered already')
  await answered('NICK bob', '432 ada :Your nickname is the handle of your account')
  await answered('JOIN', '461 ada JOIN :JOIN needs a channel')
  await answered('PART', '461 ada PART :PART needs a channel')
  await answered('JOIN lobby', '403 ada * :There is no such channel [live.channel_not_found]')
  await answered('JOIN #nowhere', '403 ada #nowhere :There is no such channel [live.channel_not_found]')
  await answered('PART #lobby', '442 ada #lobby :You are not on that channel')
  await answered('PRIVMSG', '411 ada :PRIVMSG needs a recipient')
  await answered('PRIVMSG #lobby', '412 ada :No text to send')
  await answered('PRIVMSG #lobby,#other :a', '407 ada * :One channel at a time')
  await answered('PRIVMSG b!b :a', '401 ada * :There is nobody of that name')
  await answered('PRIVMSG nobody :a', '401 ada nobody :There is nobody of that name')
  await answered('PRIVMSG #a!b :a', '403 ada * :There is no such channel')
  await answered('NAMES #nowhere', '366 ada #nowhere :End of NAMES')
})

test('what ordinary clients ask of a channel and of people is answered as far as it is shown', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t, { presenceEveryMs: 50 })
  const settings = { type: 'SettingsChanged', actor: owner.accountId, slowModeSeconds: null } as const
  await world.happen({ ...settings, seq: 2, topic: 'Be kind' })
  const [client, reader] = [await register(t, edge, 'ada'), await register(t, edge, undefined)]
  const answered = async (line: string, ...answers: readonly string[]) => {
    client.send(line)
    for (const answer of answers) assert.equal(await client.next(/^:whiply /), `:whiply ${answer}`)
  }
  await answered('MODE #lobby', '442 ada #lobby :You are not on that channel')
  await answered('WHO #lobby', '315 ada #lobby :End of WHO')
  client.send('JOIN #lobby')
  await answered('PING', '332 ada #lobby :Be kind', '353 ada = #lobby :ada', '366 ada #lobby :End of NAMES')
  await answered('MODE #Lobby', '324 ada #lobby +t')
  await answered('MODE #lobby b', '368 ada #lobby :End of channel ban list')
  await answered('MODE #lobby +e', '349 ada #lobby :End of channel exception list')
  for (const changes of ['+b bob', '+o ada', '__proto__', '-t'])
    await answered(`MODE #lobby ${changes}`, '482 ada #lobby :Channels are run by other means than IRC')
  await answered('MODE ada +i', '221 ada +')
  await answered('MODE bob', '502 ada :Only your own modes are told')
  await answered('MODE', '461 ada MODE :MODE needs a channel')
  await answered('TOPIC #lobby', '332 ada #lobby :Be kind')
  await answered('TOPIC #lobby :Mine', '482 ada #lobby :Channels are run by other means than IRC')
  await answered('TOPIC #other', '442 ada #other :You are not on that channel')
  await answered('LIST', '322 ada #lobby 1 :Be kind', '323 ada :End of LIST: these are the channels that you are on')
  await answered('AWAY :lunch', '306 ada :You have been marked as being away')
  await answered('WHO #lobby', '352 ada #lobby ada whiply whiply ada G :0 Ada', '315 ada #lobby :End of WHO')
  await answered('AWAY', '305 ada :You are no longer marked as being away')
  await answered('WHO ada', '352 ada * ada whiply whiply ada H :0 Ada', '315 ada ada :End of WHO')
  await answered('WHO', '315 ada * :End of WHO')
  await answered('USERHOST ada bob', '302 ada :ada=+ada@whiply')
  await answered(
    'WHOIS ada',
    '311 ada ada ada whiply * :Ada',
    '312 ada ada whiply :whiply',
    '318 ada ada :End of WHOIS',
  )
  await answered('WHOIS bob', '401 ada bob :Nobody of that name is seen here', '318 ada bob :End of WHOIS')
  await answered('WHOIS', '401 ada * :Nobody of that name is seen here', '318 ada * :End of WHOIS')

  await join(reader)
  reader.send('WHO #lobby', 'AWAY :lunch')
  assert.equal(
    await reader.next(/ 352 /),
    ':whiply 352 justinfan12 #lobby justinfan12 whiply whiply justinfan12 H :0 justinfan12',
  )
  await reader.next(/ 315 .*End of WHO/)
  client.send('CAP REQ twitch.tv/membership')
  await join(await register(t, edge, 'bob'))
  client.send('WHOIS bob')
  assert.match(await client.next(/ 311 /), / 311 ada bob bob whiply \* :Bob$/)
  await world.happen({ ...settings, seq: 3, topic: '' })
  assert.equal(await reader.next(/TOPIC/), ':owner!owner@whiply TOPIC #lobby :')
  reader.send('TOPIC #lobby')
  assert.equal(await reader.next(/ 331 /), ':whiply 331 justinfan12 #lobby :No topic is set')
  await world.happen({ type: 'ModeChanged', seq: 4, actor: owner.accountId, mode: 'read_only', value: 1, since: 0 })
  reader.send('MODE #lobby')
  assert.equal(await reader.next(/ 324 /), ':whiply 324 justinfan12 #lobby +tm')
})

test('a connection joins so many channels and no more', async (t) => {
  const world = createWorld()
  const names = { handles: async () => new Map(), channel: async () => channel }
  const client = await register(t, await world.edge(t, { irc: { port: 0, names } }), undefined)
  client.send(`JOIN ${Array.from({ length: limits.joins + 1 }, (_, index) => `#room${index}`).join(',')}`)
  assert.match(
    await client.next(/ 405 /),
    /#room50 :The connection follows as many channels as it may \[live\.too_many_joins\]$/,
  )
})

test('the sender hears its own message where it asked for the echo, and other connections of its account always', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t)
  const echoed = await register(t, edge, 'ada', { caps: 'CAP REQ echo-message' })
  const silent = await register(t, edge, 'ada')
  for (const client of [echoed, silent]) await join(client)
  echoed.send('PRIVMSG #lobby :one')
  assert.equal(await echoed.next(/PRIVMSG/), ':ada!ada@whiply PRIVMSG #lobby :one')
  assert.equal(await silent.next(/PRIVMSG/), ':ada!ada@whiply PRIVMSG #lobby :one')
  silent.send('PRIVMSG #lobby :two')
  assert.equal(await echoed.next(/PRIVMSG/), ':ada!ada@whiply PRIVMSG #lobby :two')
  silent.send('CAP REQ :echo-message', 'PRIVMSG #lobby :three')
  assert.equal(await silent.next(/PRIVMSG/), ':ada!ada@whiply PRIVMSG #lobby :three')
})

test('who comes and goes is told to who asked for it, native clients among them', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t, { presenceEveryMs: 50 })
  const witness = await register(t, edge, 'ada', { caps: dialect })
  const other = await register(t, edge, undefined)
  for (const client of [witness, other]) await join(client)
  const native = await openSocket(t, edge.port)
  native.send({ type: 'auth', token: 'bob' })
  native.send({ type: 'join', channel })
  assert.equal(await witness.next(/ JOIN #/), ':bob!bob@whiply JOIN #lobby')
  witness.send('NAMES #lobby')
  assert.match(await witness.next(/ 353 .*bob/), /:ada bob$/)
  await native.close()
  assert.equal(await witness.next(/PART/), ':bob!bob@whiply PART #lobby')
  assert.ok(!other.lines.some((line) => line.includes('bob')))
})

test('presence counts IRC clients too, and native clients see them by name', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t, { presenceEveryMs: 50 })
  const native = await openSocket(t, edge.port)
  native.send({ type: 'join', channel })
  const client = await register(t, edge, 'ada')
  await join(client)
  const told = await native.next(
    'presence',
    ({ joined, members }) => [...(joined ?? []), ...(members ?? [])].length > 0,
  )
  assert.equal(told.count, 2)
  client.end()
  assert.equal((await native.next('presence', ({ left }) => left?.length === 1)).count, 1)
})
