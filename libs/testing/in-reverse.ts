import type { TestContext } from 'node:test'

type After = Pick<TestContext, 'after'>
type Hook = () => unknown

/**
 * Ends what a test began the other way round: the test runner calls `after` hooks in the order in which they came, and so
 * would take engines away from under those who use them.
 */
export const inReverse = (t: After): After => {
  const stack = new AsyncDisposableStack()
  t.after(() => stack.disposeAsync())
  const after = (hook: Hook): void => {
    stack.defer(async () => {
      await hook()
    })
  }
  return { after: after as After['after'] }
}
