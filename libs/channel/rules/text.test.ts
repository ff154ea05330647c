import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { broadcaster, created, given, logged, posted, settingsChanged } from '../channel.fixtures.ts'
import { maxTopicLength } from './text.ts'

const post = (text: string) => given([created()]).when({ type: 'PostMessage', ...channelAbsent.PostMessage, text })
const changeTopic = (topic: string) =>
  given([created()]).when(
    { type: 'ChangeSettings', topic, slowModeSeconds: null, reason: null },
    { principal: broadcaster },
  )

test('a message has up to 512 code points, whatever their bytes', () => {
  for (const text of ['a', 'a'.repeat(512), '\u{1f600}'.repeat(512)]) post(text).then([posted({ text })])
  for (const text of ['a'.repeat(513), '\u{1f600}'.repeat(513), 'a'.repeat(100_000)])
    post(text).thenRejected({ code: 'channel.text_too_long', field: 'text', max: 512 })
})

test('a message in which nothing would be seen is refused', () => {
  for (const text of ['', '   ', '\u200b', '\u3164 \u2800']) post(text).thenRejected({ code: 'channel.text_blank' })
})

test('a message is one line of valid Unicode', () => {
  for (const text of ['a\ud800', 'a\nb', 'a\u0000', '\u0007', '\u2028'])
    post(text).thenRejected({ code: 'channel.text_invalid', field: 'text' })
})

test('spaces that pass for others are refused, and marks piled up on one another', () => {
  for (const text of ['a\u00a0b', 'a\u202fb', `a${'\u0301'.repeat(5)}`])
    post(text).thenRejected({ code: 'channel.text_invalid', field: 'text' })
  post(`a${'\u0301'.repeat(4)}`).then([posted({ text: `a${'\u0301'.repeat(4)}` })])
})

test('who turns the letters of others around is refused', () => {
  for (const text of ['\u202eabc', 'a\u2067b', 'a\u202c'])
    post(text).thenRejected({ code: 'channel.text_invalid', field: 'text' })
  changeTopic('\u202e').thenRejected({ code: 'channel.text_invalid', field: 'topic' })
})

test('the text is kept as it was written, white space and joiners too', () => {
  const text = ' \u{1f468}\u200d\u{1f469} e\u0301 '
  post(text).then([posted({ text })])
})

test('a topic may be empty, and has bounds of its own', () => {
  const entry = logged({ actor: broadcaster, action: 'set_text', label: 'topic' })
  changeTopic('').then([settingsChanged({ topic: '' }), entry])
  changeTopic('a'.repeat(maxTopicLength)).then([settingsChanged({ topic: 'a'.repeat(maxTopicLength) }), entry])
  changeTopic('a'.repeat(maxTopicLength + 1)).thenRejected({
    code: 'channel.text_too_long',
    field: 'topic',
    max: maxTopicLength,
  })
  changeTopic('a\rb').thenRejected({ code: 'channel.text_invalid', field: 'topic' })
})
