import { createLogin } from './account/login.js'
import { isFor } from './answers.js'
import { createApi } from './api.js'
import { createAppeal } from './appeal.js'
import { createBlocks } from './blocks.js'
import { createCommands } from './composer/commands.js'
import { createComposer } from './composer/composer.js'
import { createEmoteList } from './composer/emote-list.js'
import { createEmotePicker } from './composer/emote-picker.js'
import { createReply } from './composer/reply.js'
import { createTypeAhead } from './composer/type-ahead.js'
import { createUploads } from './composer/uploads.js'
import { element, elementsOf } from './dom.js'
import { createHappenings } from './happenings.js'
import { createHistory } from './history.js'
import { createIncoming } from './incoming.js'
import { createLineMenu } from './line-menu.js'
import { createLines } from './lines.js'
import { openLive } from './live.js'
import { createDesk } from './moderation/desk.js'
import { createNames } from './names.js'
import { createNotices } from './notices.js'
import { kept, opening, slug } from './opening.js'
import { createPeople } from './people.js'
import { wordsOf } from './reasons.js'
import { createRole } from './role.js'
import { createStanding } from './standing.js'
import { createStatus } from './status.js'
import { createThen } from './then.js'
import { createVideo } from './video.js'
import { createWhispers } from './whispers/whispers.js'

let live
let channel
const channelId = () => channel?.id
const serverTime = () => live?.serverTime() ?? Date.now()

const api = createApi({ reauthenticate: () => login.reauthenticate() })
const people = createPeople({ list: element('names'), ...elementsOf(['count', 'others']) })
const status = createStatus({ element: element('status'), sign: element('people-toggle') })
const standing = createStanding({
  now: serverTime,
  onModes: () => {
    desk.modes()
    uploads.offer(standing.modes().has('attachments'))
  },
})

const login = createLogin({
  api,
  onChange: (somebody) => {
    standing.forget()
    for (const kind of ['rules', 'warning']) notices.drop(kind)
    role.set(null)
    composer.drop()
    composer.show()
    video.identified()
    whispers.identified()
    if (somebody) live?.identify()
    else live?.reconnect()
  },
})
const me = login.current
const isMe = (member) => member === me()?.id

const role = createRole({
  onChange: (now) => {
    video.setRole(now)
    lines.refreshMenus()
    desk.offer(role.moderates())
  },
})

const say = (words, isWarning) => composer.say(words, isWarning)
const complain = (error) => say(wordsOf(error), true)

const act = (asked) => api.act(channelId(), asked)

const desk = createDesk({
  api,
  channelId,
  names: createNames({ api, people }),
  me,
  now: serverTime,
  modes: standing.modes,
  leads: role.leads,
  owns: role.owns,
  onShow: (id) => then.show(id),
  onError: complain,
})

const blocks = createBlocks({
  api,
  place: element('blocked'),
  onBlock: () => lines.removeWhere(blocks.isHidden),
  onUnblock: () => history.readAgain(),
})

const whispers = createWhispers({
  api,
  me,
  blocks,
  follow: (whisperSeq) => live?.followWhispers(whisperSeq),
  elements: {
    panel: element('whispers'),
    ...elementsOf(['open', 'close', 'count', 'conversations', 'list', 'none', 'back', 'problem', 'find'], 'whispers'),
    ...elementsOf(['section', 'peer', 'said', 'earlier', 'form', 'text'], 'whispers'),
  },
})

const text = element('text')
const emotes = createEmoteList({ api, channelId })
createEmotePicker({
  elements: elementsOf(['emotes', 'emotesOpen', 'emotesSought', 'emotesFound', 'emotesNone', 'emotesModifiers']),
  list: emotes,
  text,
})
createTypeAhead({ text, options: element('emote-options'), list: emotes })
const uploads = createUploads({
  elements: elementsOf(['attach', 'attachFiles', 'attached']),
  upload: (file) => api.upload(channelId(), file),
  say,
  onError: complain,
})
const reply = createReply({ elements: elementsOf(['answering', 'answeringWords', 'answeringLeave']), text })

const appeal = createAppeal({
  elements: { dialog: element('appeal'), ...elementsOf(['open', 'form', 'problem'], 'appeal') },
  sanction: () => standing.silence()?.sanction,
  act,
  tell: (words) => lines.note(words),
})

const menu = createLineMenu({ api, channelId, act, me, role, reply, whispers, look: desk.look, say, onError: complain })

const pictureOf = ({ id }, attachment, size) =>
  `/v1/channels/${channelId()}/messages/${id}/attachments/${attachment}/${size}`

const lines = createLines({
  pictureOf,
  list: element('lines'),
  ...elementsOf(['scroll', 'jump']),
  hasMenu: (line) => line.seq !== undefined && me() !== undefined,
  onMenu: menu.open,
  onReply: reply.answer,
  isHidden: blocks.isHidden,
  isForMe: (line) => me() !== undefined && isFor(me(), line),
  messageOf: (id) => api.message(channelId(), id),
  onTrim: (seq) => history.startsAt(seq),
  onRetry: (line) => composer.again(line),
  onAbsent: (id) => then.go(id),
})

/** What was said beside a recording is read only, in the place of what is said now. */
const replay = createLines({
  list: element('replay-lines'),
  ...elementsOf(['scroll', 'jump'], 'replay'),
  hasMenu: () => false,
  onTrim: () => {},
  messageOf: (id) => api.message(channelId(), id),
})
element('replay-leave').href = `#${slug}`
element('replay').hidden = kept?.kind !== 'vod'
for (const id of ['chat', 'skip']) element(id).hidden = kept?.kind === 'vod'

const commands = createCommands({
  act,
  accountOf: api.accountOf,
  moderates: role.moderates,
  look: desk.look,
  whisper: api.whisper,
  topic: (words) => api.changeTopic(channelId(), words),
  nuke: (wanted) => api.nuke(channelId(), wanted),
  pollRunning: () => notices.pollRunning(),
})

const composer = createComposer({
  elements: {
    form: element('composer'),
    ...elementsOf(['text', 'send', 'hint', 'told']),
    appeal: element('appeal-open'),
    tools: [element('emotes-open'), element('attach')],
  },
  me,
  standing,
  parts: [reply, uploads],
  commandOf: commands.of,
  wordsOf,
  post: (message) => {
    const { text: words, form, replyTo, uploads: pictures } = message
    const id = live.post({ text: words, form, replyTo: replyTo?.id, attachments: pictures?.map((each) => each.id) })
    lines.pending({ id, at: serverTime(), author: me(), ...message })
  },
})

const history = createHistory({
  api,
  channelId,
  lines,
  people,
  button: element('earlier'),
  onError: () => say('Earlier messages could not be loaded.', true),
})

const then = createThen({
  elements: { dialog: element('then'), list: element('then-lines'), ...elementsOf(['scroll', 'jump'], 'then') },
  api,
  channelId,
  lines,
  history,
  pictureOf,
  onError: complain,
})

const notices = createNotices({
  element: element('notices'),
  act,
  textOf: async (id) => lines.get(id) ?? api.message(channelId(), id),
})

const video = createVideo({ api, channel: () => channel, me, live: () => live, replay, onError: complain })

const topic = element('topic')
const room = { lines, people, standing, notices, composer, reply, history, isMe, role, desk, emotes, appeal, topic }
const incoming = createIncoming({ ...room, happenings: createHappenings(room) })

// The hash names the channel, so this link must leave it alone.
element('skip').addEventListener('click', (event) => {
  event.preventDefault()
  if (composer.canWrite()) composer.focus()
  else element('log-in').focus()
})
addEventListener('hashchange', () => location.reload())
element('people-toggle').addEventListener('click', ({ currentTarget }) => {
  const open = element('people').classList.toggle('open')
  currentTarget.setAttribute('aria-expanded', String(open))
})

const start = async (first) => {
  channel = await (first?.channel ?? api.channel(slug))
  element('channel-name').textContent = slug
  document.title = `${slug} · whiply`
  video.begin(first?.broadcast)
  const { realtimeUrl } = await (first?.config ?? api.config())
  await login.restore()
  live = openLive({
    url: realtimeUrl,
    channel: channel.id,
    token: api.token,
    on: {
      ...incoming,
      connected: status.connected,
      broadcast: video.broadcast,
      authenticated: whispers.authenticated,
      whispers: whispers.whispers,
      whispered: whispers.whispered,
      // A server that cannot tell now is asked by whoever calls it next.
      signedOut: () => login.signedOut().catch(() => {}),
    },
  })
}

const startAgain = (failures = 0, first = undefined) =>
  start(first).catch((error) => {
    const what = error.code === 'channel.unknown' ? error.message : `The server cannot be reached (${error.message})`
    status.tell(`${what}. Trying again…`)
    setTimeout(startAgain, Math.min(8000, 500 * 2 ** failures), failures + 1)
  })

startAgain(0, opening)
