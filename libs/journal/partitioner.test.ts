import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { murmur2, partitionOf } from './partitioner.ts'

/** Made with `Utils.murmur2` and `Utils.toPositive` of kafka-clients 4.2.0; keys in base64. */
const vectors = JSON.parse(readFileSync(new URL('./fixtures/murmur2.json', import.meta.url), 'utf8')) as readonly {
  readonly key: string
  readonly hash: number
  readonly of16: number
}[]

test('hashes and partitions equal those of the Java client', () => {
  assert.ok(vectors.length > 50)
  for (const { key, hash, of16 } of vectors) {
    const bytes = Buffer.from(key, 'base64')
    assert.equal(murmur2(bytes), hash, key)
    assert.equal(partitionOf(bytes, 16), of16, key)
  }
})

test('a key as text is its UTF-8 bytes', () => {
  assert.equal(partitionOf('Zürich', 16), partitionOf(Buffer.from('Zürich', 'utf8'), 16))
})
