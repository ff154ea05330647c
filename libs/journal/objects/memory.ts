import { ObjectExists, type ObjectStore } from '../objects.ts'
import { checkedName, checkedPrefix } from './name.ts'

/** An object store for tests; it keeps copies, so that nobody changes an object afterwards. */
export const createMemoryObjects = (): ObjectStore => {
  const objects = new Map<string, Buffer>()
  return {
    put: async (name, bytes) => {
      if (objects.has(checkedName(name))) throw new ObjectExists(`there is an object ${name} already`)
      objects.set(name, Buffer.from(bytes))
    },
    get: async (name) => {
      const bytes = objects.get(checkedName(name))
      return bytes && Buffer.from(bytes)
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
