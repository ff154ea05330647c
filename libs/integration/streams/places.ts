/** Counts streams, of all and of each client. */
export type Places = {
  /** A place, which is given back by calling it, once or more; or why there is none. */
  readonly take: (client: string) => (() => void) | 'full' | 'client full'
  readonly taken: () => number
}

export const createPlaces = (most: number, mostOfClient: number): Places => {
  const ofClient = new Map<string, number>()
  let all = 0

  const count = (client: string, by: 1 | -1): void => {
    all += by
    const left = (ofClient.get(client) ?? 0) + by
    if (left > 0) ofClient.set(client, left)
    else ofClient.delete(client)
  }

  return {
    take: (client) => {
      if ((ofClient.get(client) ?? 0) >= mostOfClient) return 'client full'
      if (all >= most) return 'full'
      let held = true
      count(client, 1)
      return () => {
        if (held) count(client, -1)
        held = false
      }
    },
    taken: () => all,
  }
}
