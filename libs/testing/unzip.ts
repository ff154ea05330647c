import assert from 'node:assert/strict'
import { crc32, inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22

/**
 * The files of a zip archive, by their names (APPNOTE.TXT, 4.3.7, 4.3.12 and 4.3.16), each held to its checksum; without
 * encryption or ZIP64. Throws where it is cut off.
 */
export const unzip = (archive: Buffer): ReadonlyMap<string, Buffer> => {
  const end = archive.length - END_BYTES
  assert.ok(end >= 0 && archive.readUInt32LE(end) === END, 'the archive has no end')
  const files = new Map<string, Buffer>()
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    assert.equal(archive.readUInt32LE(at), CENTRAL)
    const [method, checksum, size] = [
      archive.readUInt16LE(at + 10),
      archive.readUInt32LE(at + 16),
      archive.readUInt32LE(at + 20),
    ]
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset))
    const name = archive.toString('utf8', at + 46, at + 46 + (nameBytes ?? 0))
    const local = archive.readUInt32LE(at + 42)
    assert.equal(archive.readUInt32LE(local), LOCAL)
    const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const bytes = archive.subarray(data, data + size)
    const content = method === 8 ? inflateRawSync(bytes) : bytes
    assert.equal(crc32(content), checksum, name)
    files.set(name, content)
    at += 46 + (nameBytes ?? 0) + (extraBytes ?? 0) + (commentBytes ?? 0)
  }
  return files
}
