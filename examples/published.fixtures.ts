import { randomUUID } from 'node:crypto'
import { chatTopic } from '#libs/integration/chat.ts'
import { cloudEventHeaders } from '#libs/integration/cloud-event.ts'
import { openEncoder } from '#libs/integration/relay/registry.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { PublishedBatch, PublishedRecord } from '#libs/journal/publisher.ts'

/** An event as a consumer prints it: the record's headers, and its value. */
export type Printed = Readonly<Record<string, unknown>> & { readonly data: Readonly<Record<string, unknown>> }

export type Made = { readonly partition: number; readonly record: PublishedRecord; readonly printed: Printed }

export const channels = ['1000', '1001', '1002'] as const

/** Texts that are easily spoilt on their way. */
const texts = ['hello', 'ünïcödé 🦊 \u2028', '"quoted" \\ {json}', 'two\nlines\t\u0001', null]

const dataOf = (channelId: string, seq: number, at: number) => {
  const of = { channelId, seq, at }
  if (seq % 7 === 3) return { type: 'MemberTimedOut', data: { ...of, memberId: '1009', until: at + 60_123 } }
  if (seq % 7 === 4) return { type: 'TimeoutEnded', data: { ...of, memberId: '1009', cause: 'lifted' } }
  const text = texts[seq % texts.length] ?? null
  const authorName = text === null ? null : 'Ada'
  return { type: 'MessagePosted', data: { ...of, messageId: uuidv7(), authorId: '1001', authorName, text } }
}

/** Makes events of `whiply.public.chat.v1`, each channel in a partition of its own, with the relay's own means. */
export const publicEvents = async (registryUrl: string) => {
  const encode = await openEncoder({ url: registryUrl, publicUrl: registryUrl })
  const logId = randomUUID()
  const seqs = new Map<string, number>()

  const make = async (channelId: (typeof channels)[number], at: number): Promise<Made> => {
    const seq = (seqs.get(channelId) ?? 0) + 1
    seqs.set(channelId, seq)
    const { type, data } = dataOf(channelId, seq, at)
    const { value, dataSchema } = await encode(chatTopic.topic, { type, data })
    const event = { id: `${uuidv7()}/0`, logId, type: `${chatTopic.topic}.${type}`, at, subject: channelId, dataSchema }
    const headers = cloudEventHeaders(event)
    const record = { key: Buffer.from(channelId), value, headers, timestamp: at }
    return { partition: channels.indexOf(channelId), record, printed: { ...headers, data } }
  }

  /** As many for each channel, from a time on, a millisecond apart. */
  return async (each: number, from: number): Promise<readonly Made[]> => {
    const made: Made[] = []
    for (let index = 0; index < each; index++)
      for (const channelId of channels) made.push(await make(channelId, from + index))
    return made
  }
}

export const batches = (topic: string, made: readonly Made[]): readonly PublishedBatch[] =>
  [...Map.groupBy(made, ({ partition }) => partition)].map(([partition, own]) => ({
    topic,
    partition,
    records: own.map(({ record }) => record),
  }))

/** By channel, in its order; in between channels there is none. */
export const byChannel = (printed: readonly Printed[]) =>
  Object.fromEntries(Map.groupBy(printed, ({ ce_subject: channel }) => String(channel)))
