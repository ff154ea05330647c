import { create } from '../dom.js'
import { reasonOf, wordsOf } from '../reasons.js'
import { wait } from '../wait.js'

const LOOK_MS = 2_000
const LOOKS = 15

/** What came of a command that was not decided while the server waited for it: its position. Throws its rejection. */
const outcomeOf = async (api, commandId) => {
  for (let looks = 0; looks < LOOKS; looks++) {
    await wait(LOOK_MS)
    const found = await api.outcome(commandId)
    if (found?.status === 'accepted') return { position: found.position }
    if (found) throw Object.assign(new Error(reasonOf(found.code, found.context)), { code: found.code, problem: found })
  }
  throw new Error('It is sent, and nobody knows yet what came of it. It is not lost: look again in a while.')
}

/** What `work()` resolves with. Where the server has not decided it in time, `onPending()`, and the position once it has. */
export const settledBy = async (api, work, onPending) => {
  try {
    return (await work()) ?? {}
  } catch (error) {
    if (error.code !== 'command.pending') throw error
    onPending()
    return outcomeOf(api, error.problem.commandId)
  }
}

/**
 * A line that says how it went, and work that it tells of. What the server has not decided in time is waited for, and told
 * as that.
 */
export const createTold = (api) => {
  const element = create('p', { class: 'told', role: 'status' })

  const tell = (words = '', isProblem = false) => {
    element.textContent = words
    element.classList.toggle('problem', isProblem)
  }

  /** What `work()` resolves with, or the position of its command where the server took longer: that is told. */
  const settled = (work) =>
    settledBy(api, work, () =>
      tell('It is sent, and not decided yet. It is not lost: this waits for what comes of it.'),
    )

  /**
   * Does `work()`, and `after(answer)` once it is done; `controls` are disabled meanwhile. `says(answer)` are the words for
   * it, and `onError(error)` those for a failure where the server's own are not the right ones.
   * @returns what `work()` resolved with; undefined where it failed
   */
  const attempt = async (work, { after, says = () => 'Saved.', controls = [], onError = () => undefined } = {}) => {
    tell()
    for (const each of controls) each.disabled = true
    try {
      const answer = await settled(work)
      await after?.(answer)
      tell(says(answer))
      return answer
    } catch (error) {
      tell(onError(error) ?? wordsOf(error), true)
      return undefined
    } finally {
      for (const each of controls) each.disabled = false
    }
  }

  return { element, tell, attempt, settled }
}
