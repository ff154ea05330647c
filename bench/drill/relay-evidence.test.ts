import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicTopics } from '#libs/integration/topics.ts'
import { topicOf } from './relay-evidence.ts'

test('the drill looks for every type of event that is published, in its topic', () => {
  const mapped = publicTopics.flatMap(({ topic, mapping }) =>
    Object.keys(mapping).map((type) => [type, topic] as const),
  )
  assert.deepEqual(topicOf, Object.fromEntries(mapped))
})
