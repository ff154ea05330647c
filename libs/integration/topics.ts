import { channelTopic } from './channel.ts'
import { chatTopic } from './chat.ts'
import type { PublicTopic } from './public-topic.ts'

/** Every topic that others may read. A new one is a mapping, its schemas under `schemas/public/`, and one line here. */
export const publicTopics: readonly PublicTopic[] = [chatTopic, channelTopic]
