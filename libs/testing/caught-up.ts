const TRIES = 15

type Answer = { readonly status: number; readonly body: unknown }

const isBehind = ({ status, body }: Answer): boolean =>
  status === 503 && (body as { readonly code?: unknown } | undefined)?.code === 'platform.behind'

/**
 * Asks again, as a client is told to, while a read model is behind the position that was asked for: a query waits two
 * seconds for it, which is not enough on a busy machine.
 */
export const caughtUp = async <Given extends Answer>(ask: () => Promise<Given>): Promise<Given> => {
  for (let tries = 1; ; tries++) {
    const answer = await ask()
    if (!isBehind(answer) || tries === TRIES) return answer
  }
}
