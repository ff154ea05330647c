import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { type CanaryForms, holds } from './forms.ts'

export type FoundObject = { readonly kind: 'object'; readonly name: string }
export type FoundFile = { readonly kind: 'file'; readonly path: string }

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/** Searches every object, packed ones unpacked. */
export const searchObjects = async (objects: ObjectStore, forms: CanaryForms): Promise<readonly FoundObject[]> => {
  const found: FoundObject[] = []
  for (const name of await objects.list('')) {
    const bytes = await objects.get(name)
    if (bytes && holds(isGzip(bytes) ? gunzipSync(bytes) : bytes, forms)) found.push({ kind: 'object', name })
  }
  return found
}

/** A piece of a file is read with the end of the one before, so that nothing is missed where they meet. */
const fileHolds = async (path: string, forms: CanaryForms): Promise<boolean> => {
  const overlap = Math.max(...forms.bytes.map((form) => form.length)) - 1
  let before = Buffer.alloc(0)
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const window = Buffer.concat([before, piece])
    if (holds(window, forms)) return true
    before = window.subarray(Math.max(0, window.length - overlap))
  }
  return false
}

/** Searches every file below a folder, but for the folders named, as paths. Links are not followed. */
export const searchFolder = async (
  folder: string,
  forms: CanaryForms,
  except: readonly string[] = [],
): Promise<readonly FoundFile[]> => {
  const found: FoundFile[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !except.includes(path)) found.push(...(await searchFolder(path, forms, except)))
    if (entry.isFile() && (await fileHolds(path, forms))) found.push({ kind: 'file', path })
  }
  return found
}
