import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { until } from '#libs/testing/until.ts'
import { openConfiguredPost } from './configured.ts'
import { MailError } from './mailer.ts'
import { outboxMailer } from './outbox.ts'
import { createPost } from './post.ts'
import { smtpMailer } from './smtp.ts'

const from = 'whiply <no-reply@whiply.example>'
const mail = { to: 'ada@example.org', subject: 'Grüße', text: 'Hello Ada,\nthe code is 42.\n', accountId: '7' }

type Received = { readonly from: string; readonly to: readonly string[]; readonly text: string }

/** A mail server on a port of its own; `answer` says with which reply a receiver is refused. */
const startSmtp = async (t: TestContext, answer: (to: string) => number | undefined = () => undefined) => {
  const received: Received[] = []
  const server = new SMTPServer({
    hideSTARTTLS: true,
    closeTimeout: 50,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) =>
      username === 'whiply' && password === 'pa:ss'
        ? callback(null, { user: 'whiply' })
        : callback(Object.assign(new Error('who are you'), { responseCode: 535 })),
    onRcptTo: ({ address }, _session, callback) => {
      const responseCode = answer(address)
      callback(responseCode ? Object.assign(new Error(`not ${address}`), { responseCode }) : null)
    },
    onData: async (stream, { envelope }, callback) => {
      const text = (await stream.setEncoding('utf8').toArray()).join('')
      const sender = envelope.mailFrom ? envelope.mailFrom.address : ''
      received.push({ from: sender, to: envelope.rcptTo.map(({ address }) => address), text })
      callback()
    },
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  t.after(() => new Promise<void>((resolve) => server.close(resolve)))
  const { port } = listening.address() as { readonly port: number }
  return { url: `smtp://whiply:pa%3Ass@127.0.0.1:${port}`, port, received }
}

const smtp = (t: TestContext, url: string) => {
  const mailer = smtpMailer({ url, from })
  t.after(mailer.close)
  return mailer
}

test('a mail arrives at its receiver as it was written', async (t) => {
  const { url, received } = await startSmtp(t)
  await smtp(t, url).send(mail)
  const [one] = received
  assert.deepEqual([one?.from, one?.to], ['no-reply@whiply.example', ['ada@example.org']])
  assert.match(one?.text ?? '', /^Subject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=\r$/m)
  assert.match(one?.text ?? '', /^Auto-Submitted: auto-generated\r$/m)
  assert.match(one?.text ?? '', /\r\n\r\nHello Ada,\r\nthe code is 42\./)
})

test('an address with a comma or a line break in it is no second receiver, and no header', async (t) => {
  const { url, received } = await startSmtp(t)
  const mailer = smtp(t, url)
  for (const to of ['eve@example.org, mallory@example.org', 'eve@example.org\r\nBcc: mallory@example.org'])
    await mailer.send({ ...mail, to, subject: 'Hi\r\nBcc: mallory@example.org' }).catch(() => {})
  for (const { to, text } of received) {
    assert.ok(to.length <= 1 && !to.includes('mallory@example.org'), String(to))
    assert.doesNotMatch(text, /^Bcc:/m)
  }
})

test('a refusal for good, one for now and a wrong password are told apart, without the address', async (t) => {
  const { url, port } = await startSmtp(
    t,
    (to) => Object.entries({ gone: 550, full: 452, closing: 421 }).find(([name]) => to.startsWith(name))?.[1],
  )
  const mailer = smtp(t, url)
  const withoutAddress = (code: string) => (error: unknown) => {
    assert.ok(error instanceof MailError)
    assert.equal(error.code, code)
    assert.doesNotMatch(error.message, /@/)
    return true
  }
  await assert.rejects(mailer.send({ ...mail, to: 'gone@example.org' }), withoutAddress('mail.refused'))
  await assert.rejects(mailer.send({ ...mail, to: 'full@example.org' }), withoutAddress('mail.deferred'))
  await assert.rejects(mailer.send({ ...mail, to: 'closing@example.org' }), withoutAddress('mail.away'))
  const stranger = smtp(t, `smtp://whiply:wrong@127.0.0.1:${port}`)
  await assert.rejects(stranger.send(mail), { code: 'mail.refused' })
  await mailer.send(mail)
})

test('nobody at the address of the server is a server that is away', async (t) => {
  await assert.rejects(smtp(t, 'smtp://127.0.0.1:1').send(mail), { code: 'mail.away' })
})

const folderOf = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'whiply-outbox-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('without a server mails are files that only their owner reads, for a day', async (t) => {
  const folder = join(await folderOf(t), 'outbox')
  const written: string[] = []
  const mailer = outboxMailer({ folder, from, onWritten: (file) => written.push(file) })
  await mailer.send(mail)
  const [file = ''] = written
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  assert.match(await readFile(file, 'utf8'), /^To: ada@example\.org\r?$/m)
  const yesterday = Date.now() / 1000 - 25 * 3600
  await utimes(file, yesterday, yesterday)
  await mailer.send(mail)
  assert.deepEqual(
    (await readdir(folder)).map((name) => join(folder, name)),
    written.slice(1),
  )
})

test('of who is erased no mail stays', async (t) => {
  const folder = await folderOf(t)
  const mailer = outboxMailer({ folder, from, onWritten: () => {} })
  const post = createPost({ mailer, onLost: (error) => assert.ifError(error) })
  for (const accountId of ['7', '77', '7']) post.put({ ...mail, accountId })
  post.forget('7')
  const receivers = async () => (await readdir(folder)).map((name) => name.split('-')[1])
  await until(async () => post.waiting() === 0 && (await receivers()).join() === '77')
  await post.close()
})

test('mails wait while the server is away, and go in their order', async () => {
  const sent: string[] = []
  const lost: unknown[] = []
  let tries = 0
  const post = createPost({
    mailer: {
      send: async ({ to }) => {
        tries += 1
        if (tries <= 2) throw new MailError('mail.away', 'away')
        if (to === 'bob') throw new MailError('mail.refused', 'no such person')
        sent.push(to)
      },
      forget: async () => {},
      close: async () => {},
    },
    onLost: (error) => lost.push((error as MailError).code),
    pausesMs: [1, 1],
    bound: 3,
  })
  for (const to of ['ada', 'bob', 'carol', 'dave', 'eve']) post.put({ ...mail, to })
  assert.deepEqual(lost, ['mail.away'], 'one is on its way, three wait, the fifth is too much')
  await until(() => sent.length === 3)
  assert.deepEqual([sent, lost, post.waiting()], [['ada', 'carol', 'dave'], ['mail.away', 'mail.refused'], 0])
  await post.close()
  post.put(mail)
  assert.equal(lost.length, 3, 'nothing is taken behind the end')
})

test('the log names the file, and nothing of what stands in it', async (t) => {
  const data = await folderOf(t)
  const lines: unknown[] = []
  const log = (...line: unknown[]) => void lines.push(line)
  const post = openConfiguredPost({ data, mailFrom: from, smtpUrl: undefined }, { info: log, error: log } as never)
  post.put(mail)
  await until(() => lines.length === 1)
  await post.close()
  const [name = ''] = await readdir(join(data, 'outbox'))
  assert.deepEqual(lines[0], [{ file: join(data, 'outbox', name) }, 'a mail was written: no mail server is named'])
})
