import { createFactors } from './account/factors.js'
import { createReauthentication } from './account/reauthentication.js'
import { createAccount } from './account.js'
import { createApi } from './api.js'
import { createLines } from './lines.js'
import { openLive } from './live.js'
import { createMenu } from './menu.js'
import { clip, opening, slug } from './opening.js'
import { createPeople } from './people.js'
import { duration, reasonOf } from './reasons.js'
import { createOnAir } from './watch/on-air.js'
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
let timedOutUntil = 0
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
    timedOutUntil = 0
    role = null
    studio.setRole(null)
    showComposer()
    lines.refreshMenus()
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

const menu = createMenu({
  element: element('menu'),
  title: element('menu-title'),
  isMine,
  moderates,
  actions: {
    delete: (line) => api.deleteMessage(channel.id, line.id),
    timeout: (line, { minutes }) => api.timeOut(channel.id, line.author.id, Number(minutes) * 60_000),
  },
  onError: (error) => say(error.code ? reasonOf(error.code, error.problem?.context) : error.message, true),
})

const lines = createLines({
  list: element('lines'),
  scroll: element('scroll'),
  jump: element('jump'),
  hasMenu: (line) => line.seq !== undefined && (isMine(line) || moderates()),
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

const say = (words, isWarning = false) => {
  hint.textContent = words
  hint.classList.toggle('warn', isWarning)
}

const showComposer = () => {
  const remainingMs = timedOutUntil - (live?.serverTime() ?? Date.now())
  const me = account.current()
  const silenced = Boolean(me) && remainingMs > 0
  text.disabled = !me || silenced
  send.disabled = text.disabled
  text.placeholder = me ? `Say something as ${me.name}` : 'Log in to say something'
  if (silenced) {
    say(`You are timed out for another ${duration(remainingMs)}.`, true)
    setTimeout(showComposer, Math.min(remainingMs, 1000))
  } else if (hint.textContent.startsWith('You are timed out')) say('')
}

const showSettings = ({ topic, slowModeSeconds }) => {
  if (topic !== undefined) {
    element('topic').textContent = topic ?? ''
    element('topic').hidden = !topic
  }
  if (slowModeSeconds > 0) say(`Slow mode: one message every ${slowModeSeconds} s.`)
  else if (hint.textContent.startsWith('Slow mode')) say('')
}

const setRole = (next) => {
  role = next
  studio.setRole(next)
  lines.refreshMenus()
}

const happenings = {
  message: ({ seq, at, event: { id, author, text: words, entities, combo } }) => {
    people.remember(author)
    lines.message({ id, seq, at, author, text: words, entities, combo })
  },
  'message-deleted': ({ event }) => lines.remove(event.messageId),
  timeout: ({ at, event: { member, until } }) => {
    lines.note(`${people.nameOf(member)} was timed out for ${duration(until - at)}.`)
    if (member !== account.current()?.id) return
    timedOutUntil = until
    showComposer()
  },
  'timeout-ended': ({ event: { member } }) => {
    lines.note(`${people.nameOf(member)} may write again.`)
    if (member !== account.current()?.id) return
    timedOutUntil = 0
    showComposer()
  },
  settings: ({ event }) => showSettings(event),
  role: ({ event }) => {
    if (event.member === account.current()?.id && role !== 'platform_admin') setRole(event.role)
  },
  'channel-created': () => {},
}

const loadEarlier = async (from) => {
  const page = await api.messages(channel.id, from)
  for (const { author } of page.messages) people.remember(author)
  lines.prepend(page.messages)
  before = page.before
  earlier.hidden = before === null
}

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
        showSettings(frame.settings)
        timedOutUntil = frame.timeouts.find(({ member }) => member === account.current()?.id)?.until ?? 0
        showComposer()
        if (lines.isEmpty()) before = frame.next > 2 ? frame.next : null
        earlier.hidden = before === null
      },
      event: (frame) => happenings[frame.event.kind]?.(frame),
      gap: ({ cause }) => {
        // What lies in the gap is read over HTTP, from its end back.
        lines.clear()
        if (cause === 'epoch') lines.note('The chat has begun anew.')
        loadEarlier().catch(() => say('Earlier messages could not be loaded.', true))
      },
      presence: people.update,
      erased: (frame) => lines.removeOf(frame.account),
      broadcast: (frame) => {
        if (frame.channel === channel.id) stage?.look(frame)
        onAir.look()
      },
      outcome: ({ id, status: verdict, code, detail }) => {
        if (verdict === 'rejected') lines.rejected(id, reasonOf(code, detail))
      },
      // A server that cannot tell now is asked by whoever calls it next.
      signedOut: () => account.signedOut().catch(() => {}),
    },
  })

const submit = (event) => {
  event.preventDefault()
  const me = account.current()
  const words = text.value.replace(/\s+/g, ' ').trim()
  if (!me || words === '') return
  if ([...words].length > MAX_CODE_POINTS) {
    say(`It is too long: ${MAX_CODE_POINTS} characters at most.`, true)
    return
  }
  const id = live.post(words)
  lines.pending({ id, at: live.serverTime(), author: me, text: words })
  text.value = ''
}

element('composer').addEventListener('submit', submit)
text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing) return
  event.preventDefault()
  element('composer').requestSubmit()
})
element('jump').addEventListener('click', lines.toEnd)
element('scroll').addEventListener('scroll', () => {
  if (lines.atEnd()) element('jump').hidden = true
})
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
  channelId: () => channel?.id,
})

const start = async (first) => {
  channel = await (first?.channel ?? api.channel(slug))
  element('channel-name').textContent = slug
  document.title = `${slug} · whiply`
  stage ??= createStage({
    api,
    slug,
    clip,
    channelId: channel.id,
    live: () => live,
    elements: stageElements(),
    first: first?.broadcast,
  })
  onAir.look()
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
