/**
 * Which partition a key belongs to: MurmurHash2 (32 bit, seed 0x9747b28c), its sign bit cleared, modulo the platform's
 * own number of partitions. Equal to the default partitioner of Kafka's Java client
 * (`org.apache.kafka.common.utils.Utils.murmur2`), so tools of others find the same partition.
 * The number comes from the meta topic, never from the broker: partitions added there must not move a key.
 */
export const partitionOf = (key: string | Buffer, partitions: number): number =>
  (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions

/** MurmurHash2 as a signed 32-bit number. */
export const murmur2 = (bytes: Buffer): number => {
  const m = 0x5bd1e995
  const length = bytes.length
  const words = length >> 2
  let hash = 0x9747b28c ^ length
  for (let word = 0; word < words; word += 1) {
    let k = Math.imul(bytes.readInt32LE(word * 4), m)
    k ^= k >>> 24
    hash = Math.imul(hash, m) ^ Math.imul(k, m)
  }
  const rest = words * 4
  const left = length - rest
  if (left === 3) hash ^= bytes.readUInt8(rest + 2) << 16
  if (left >= 2) hash ^= bytes.readUInt8(rest + 1) << 8
  if (left >= 1) hash = Math.imul(hash ^ bytes.readUInt8(rest), m)
  hash ^= hash >>> 13
  hash = Math.imul(hash, m)
  return hash ^ (hash >>> 15)
}
