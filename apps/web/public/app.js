import { createFactors } from './account/factors.js'
import { createReauthentication } from './account/reauthentication.js'
import { createAccount } from './account.js'
import { createApi } from './api.js'
import { createHappenings } from './happenings.js'
import { createLines } from './lines.js'
import { openLive } from './live.js'
import { createMenu } from './menu.js'
import { createNotices } from './notices.js'
import { kept, opening, slug } from './opening.js'
import { createPeople } from './people.js'
import { reasonOf } from './reasons.js'
import { createStanding } from './standing.js'
import { createFollowing } from './watch/following.js'
import { createOnAir } from './watch/on-air.js'
import { createRecordings } from './watch/recordings.js'
import { createStage } from './watch/stage.js'
import { createStudio } from './watch/studio.js'

const element = (id) => document.getElementById(id)
const MODERATORS = new Set(['platform_admin', 'broadcaster', 'lead_moderator', 'moderator'])
const MAX_CODE_POINTS = 512

const api = createApi({ reauthenticate: () => reauthentication.ask() })
const people = createPeople({ list: element('names'), count: element('count'), others: element('others') })
const [text, send, hint, earlier, status] = ['text', 'send', 'hint', 'earlier', 'status'].map(element)

let live
let stage
let channel
let role = null
/** What was said last below the composer, until something is written. */
let said = { words: '', isWarning: false }
let looking
/** Where the next page of history ends; null where there is nothing before what is shown. */
let before = null

const account = createAccount({
  api,
  elements: {
    enter: element('enter'),
    enterForm: element('enter-form'),
    enterTitle: element('enter-title'),
    enterSubmit: element('enter-submit'),
    enterOther: element('enter-other'),
    enterPasskey: element('enter-passkey'),
    enterProblem: element('enter-problem'),
    codeForm: element('code-form'),
    codeProblem: element('code-problem'),
    change: element('change'),
    changeForm: element('change-form'),
    changeProblem: element('change-problem'),
    logIn: element('log-in'),
    logOut: element('log-out'),
    me: element('me'),
  },
  onChange: (somebody) => {
    standing.forget()
    for (const kind of ['rules', 'warning']) notices.drop(kind)
    role = null
    studio.setRole(null)
    showComposer()
    lines.refreshMenus()
    following.look()
    stage?.again()
    if (somebody) live?.identify()
    else live?.reconnect()
  },
})

const reauthentication = createReauthentication({
  api,
  elements: {
    dialog: element('again'),
    form: element('again-form'),
    passkey: element('again-passkey'),
    problem: element('again-problem'),
  },
})

createFactors({
  api,
  elements: {
    dialog: element('factors'),
    open: element('me'),
    passkeys: element('passkeys'),
    passkeyForm: element('passkey-form'),
    noPasskeys: element('no-passkeys'),
    totpState: element('totp-state'),
    totpSetUp: element('totp-set-up'),
    totpRemove: element('totp-remove'),
    totpForm: element('totp-form'),
    totpSecret: element('totp-secret'),
    totpLink: element('totp-link'),
    totpPicture: element('totp-picture'),
    codes: element('codes'),
    codesLeft: element('codes-left'),
    codesKeep: element('codes-keep'),
    codesList: element('codes-list'),
    codesRenew: element('codes-renew'),
    passwordState: element('password-state'),
    passwordForm: element('password-form'),
    passwordRemove: element('password-remove'),
    dataExport: element('data-export'),
    problem: element('factors-problem'),
  },
})

const isMine = ({ author }) => author.id === account.current()?.id
const moderates = () => MODERATORS.has(role)

const complain = (error) => say(error.code ? reasonOf(error.code, error.problem?.context) : error.message, true)

const menu = createMenu({
  element: element('menu'),
  title: element('menu-title'),
  isMine,
  moderates,
  actions: {
    delete: (line) => api.deleteMessage(channel.id, line.id),
    timeout: (line, { minutes }) => api.timeOut(channel.id, line.author.id, Number(minutes) * 60_000),
    ban: (line) => api.act(channel.id, { kind: 'ban', member: line.author.id, messages: [line.id] }),
    pin: (line) => api.act(channel.id, { kind: 'pin', message: line.id }),
    report: async (line, { category }) => {
      await api.act(channel.id, { kind: 'report', message: line.id, category })
      say('The moderators will look at it.')
    },
  },
  onError: complain,
})

const lines = createLines({
  pictureOf: ({ id }, attachment, size) =>
    `/v1/channels/${channel.id}/messages/${id}/attachments/${attachment}/${size}`,
  list: element('lines'),
  scroll: element('scroll'),
  jump: element('jump'),
  hasMenu: (line) => line.seq !== undefined && account.current() !== undefined,
  onMenu: menu.open,
  onTrim: (seq) => {
    before = seq
    earlier.hidden = false
  },
  onRetry: (again) => {
    text.value = again
    text.focus()
  },
})

/** What was said beside a recording is read only, in the place of what is said now. */
const replay = createLines({
  list: element('replay-lines'),
  scroll: element('replay-scroll'),
  jump: element('replay-jump'),
  hasMenu: () => false,
  onTrim: () => {},
})
element('replay-jump').addEventListener('click', replay.toEnd)
element('replay-leave').href = `#${slug}`
element('replay').hidden = kept?.kind !== 'vod'
for (const id of ['chat', 'skip']) element(id).hidden = kept?.kind === 'vod'

const standing = createStanding({ now: () => live?.serverTime() ?? Date.now() })

const notices = createNotices({
  element: element('notices'),
  act: (act) => api.act(channel.id, act),
  textOf: async (id) => {
    const shown = lines.get(id)
    return shown ?? (await api.message(channel.id, id))
  },
})

const say = (words, isWarning = false) => {
  said = { words, isWarning }
  showComposer()
}

const showComposer = () => {
  const me = account.current()
  const silence = me && standing.silence()
  text.disabled = !me || silence !== undefined
  send.disabled = text.disabled
  text.placeholder = me ? `Say something as ${me.name}` : 'Log in to say something'
  hint.textContent = silence?.words ?? (said.words || standing.modeWords())
  hint.classList.toggle('warn', silence !== undefined || said.isWarning)
  clearTimeout(looking)
  if (silence?.leftMs) looking = setTimeout(showComposer, Math.min(silence.leftMs, 1000))
}

const showSettings = ({ topic, slowModeSeconds }) => {
  if (topic !== undefined) {
    element('topic').textContent = topic ?? ''
    element('topic').hidden = !topic
  }
  if (slowModeSeconds !== undefined) standing.mode('slow', slowModeSeconds)
  showComposer()
}

const setRole = (next) => {
  role = next
  studio.setRole(next)
  lines.refreshMenus()
}

const isMe = (member) => member === account.current()?.id

/** The word of welcome greets who comes, and nobody whose connection was lost. */
const showText = ({ of, text: words, version }) => {
  if (of === 'rules') notices.rules(words, version)
  else if (lines.isEmpty()) lines.note(words)
}

/** What a rejection asks of somebody before they write again. */
const asked = { 'channel.rules_unaccepted': () => notices.askForRules(), 'channel.warned': () => notices.warned() }

const loadEarlier = async (from) => {
  const page = await api.messages(channel.id, from)
  for (const { author } of page.messages) people.remember(author)
  lines.prepend(page.messages)
  before = page.before
  earlier.hidden = before === null
}

const readAgain = () => {
  lines.clear()
  loadEarlier().catch(() => say('Earlier messages could not be loaded.', true))
}

const happenings = createHappenings({
  lines,
  people,
  standing,
  notices,
  isMe,
  showComposer,
  showSettings,
  readAgain,
  onRole: (next) => {
    if (role !== 'platform_admin') setRole(next)
  },
})

/** A connection that is back at once was never missed. */
const TELL_AFTER_MS = 500
let telling

const connected = (isConnected) => {
  clearTimeout(telling)
  if (isConnected) status.hidden = true
  else
    telling = setTimeout(() => {
      status.textContent = 'Connection lost. Coming back…'
      status.hidden = false
    }, TELL_AFTER_MS)
  element('people-toggle').classList.toggle('live', isConnected)
}

const startLive = (url) =>
  openLive({
    url,
    channel: channel.id,
    token: api.token,
    on: {
      connected,
      joined: (frame) => {
        setRole(frame.role)
        standing.noModes()
        for (const { mode, value } of frame.settings.modes) standing.mode(mode, value)
        standing.timedOut(frame.timeouts.find(({ member }) => isMe(member))?.until ?? 0)
        standing.closed(frame.closed === true)
        showSettings(frame.settings)
        notices.pin(frame.pin ?? null)
        notices.poll(frame.poll)
        frame.texts.forEach(showText)
        if (lines.isEmpty()) before = frame.next > 2 ? frame.next : null
        earlier.hidden = before === null
      },
      event: happenings.happened,
      gap: ({ cause }) => {
        // What lies in the gap is read over HTTP, from its end back.
        readAgain()
        if (cause === 'epoch') lines.note('The chat has begun anew.')
      },
      presence: people.update,
      erased: (frame) => happenings.hide(({ author }) => author.id === frame.account),
      votes: notices.votes,
      personal: ({ event: { kind, mark, reason } }) => {
        if (mark !== 'warning') return
        if (kind === 'marked') notices.warned(reason)
        else notices.drop('warning')
      },
      broadcast: (frame) => {
        if (frame.channel === channel.id) stage?.look(frame)
        onAir.happened(frame)
        if (frame.channel === channel.id && frame.state === 'ended') recordings.look()
      },
      outcome: ({ id, status: verdict, code, detail }) => {
        if (verdict !== 'rejected') return
        lines.rejected(id, reasonOf(code, detail))
        asked[code]?.()
      },
      // A server that cannot tell now is asked by whoever calls it next.
      signedOut: () => account.signedOut().catch(() => {}),
    },
  })

/** As in every chat: what begins with /me is something that one does. */
const messageOf = (words) => {
  const [, deed] = /^\/me (.+)$/.exec(words) ?? []
  return deed ? { text: deed, form: 'action' } : { text: words }
}

const submit = (event) => {
  event.preventDefault()
  const me = account.current()
  const words = text.value.replace(/\s+/g, ' ').trim()
  if (!me || words === '') return
  if ([...words].length > MAX_CODE_POINTS) {
    say(`It is too long: ${MAX_CODE_POINTS} characters at most.`, true)
    return
  }
  const message = messageOf(words)
  const id = live.post(message)
  lines.pending({ id, at: live.serverTime(), author: me, ...message })
  text.value = ''
  if (said.words) say('')
}

element('composer').addEventListener('submit', submit)
text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing) return
  event.preventDefault()
  element('composer').requestSubmit()
})
element('jump').addEventListener('click', lines.toEnd)
earlier.addEventListener('click', () => {
  earlier.disabled = true
  loadEarlier(before)
    .catch(() => say('Earlier messages could not be loaded.', true))
    .finally(() => {
      earlier.disabled = false
    })
})
// The hash names the channel, so this link must leave it alone.
element('skip').addEventListener('click', (event) => {
  event.preventDefault()
  const target = text.disabled ? element('log-in') : text
  target.focus()
})
addEventListener('hashchange', () => location.reload())
element('people-toggle').addEventListener('click', ({ currentTarget }) => {
  const open = element('people').classList.toggle('open')
  currentTarget.setAttribute('aria-expanded', String(open))
})

const stageElements = () => ({
  ...Object.fromEntries(
    ['stage', 'video', 'notice', 'sound', 'viewers', 'play', 'mute', 'volume', 'seek', 'latency', 'quality', 'theatre']
      .concat('pip', 'full', 'clip')
      .map((id) => [id, element(id)]),
  ),
  live: element('live-edge'),
  title: element('stage-title'),
  clipNote: element('clip-note'),
  chapters: element('chapters'),
})

const studio = createStudio({
  api,
  channelId: () => channel.id,
  elements: {
    dialog: element('studio'),
    open: element('studio-open'),
    info: element('studio-info'),
    server: element('studio-server'),
    key: element('studio-key'),
    newKey: element('studio-new-key'),
    keyLabel: element('studio-key-label'),
    keyPurpose: element('studio-key-purpose'),
    keys: element('studio-keys'),
    health: element('studio-health'),
    problem: element('studio-problem'),
  },
})

const onAir = createOnAir({
  api,
  element: element('on-air'),
  list: element('on-air-list'),
  news: element('news'),
  channelId: () => channel?.id,
})

const recordings = createRecordings({
  api,
  element: element('recordings'),
  list: element('recordings-list'),
  more: element('recordings-more'),
  slug,
  channelId: () => channel.id,
})

const following = createFollowing({
  api,
  button: element('follow'),
  channel: () => channel,
  me: account.current,
  onError: complain,
})

const start = async (first) => {
  channel = await (first?.channel ?? api.channel(slug))
  element('channel-name').textContent = slug
  document.title = `${slug} · whiply`
  stage ??= createStage({
    api,
    slug,
    kept,
    replay,
    channelId: channel.id,
    live: () => live,
    elements: stageElements(),
    first: first?.broadcast,
  })
  onAir.look()
  recordings.look()
  const config = await (first?.config ?? api.config())
  await account.restore()
  live = startLive(config.realtimeUrl)
}

const startAgain = (failures = 0, first = undefined) =>
  start(first).catch((error) => {
    const what = error.code === 'channel.unknown' ? error.message : `The server cannot be reached (${error.message})`
    status.textContent = `${what}. Trying again…`
    status.hidden = false
    setTimeout(startAgain, Math.min(8000, 500 * 2 ** failures), failures + 1)
  })

startAgain(0, opening)
