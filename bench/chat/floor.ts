import { serveFanOut } from './fan-out.ts'

/**
 * The floor under the chat bench: one process that numbers posts and fans them out: no log, no rules, no accounts.
 * `node floor.ts [PORT]`.
 */
const { deliver } = serveFanOut((post) => deliver(post), Number(process.argv[2] ?? 0))
