import { ObjectExists, type ObjectStore } from '../objects.ts'
import { checkedName, checkedPrefix, checkedRange } from './name.ts'

/** An object store for tests; it keeps copies, so that nobody changes an object afterwards. */
export const createMemoryObjects = (): ObjectStore => {
  const objects = new Map<string, Buffer>()
  return {
    put: async (name, bytes) => {
      if (objects.has(checkedName(name))) throw new ObjectExists(`there is an object ${name} already`)
      objects.set(name, Buffer.from(bytes))
    },
    get: async (name, range) => {
      const { from, to } = range ? checkedRange(range) : { from: 0, to: undefined }
      const bytes = objects.get(checkedName(name))
      return bytes && Buffer.from(bytes.subarray(from, to))
    },
    list: async (prefix) => {
      checkedPrefix(prefix)
      return [...objects.keys()].filter((name) => name.startsWith(prefix)).sort()
    },
    remove: async (name) => {
      objects.delete(checkedName(name))
    },
  }
}
