import { createHook } from 'node:async_hooks'

/**
 * To be imported before a test file is: node's test runner then does not follow every promise of the process to the test
 * that made it. That costs 2 µs a promise: half of the CPU time of an import of 100,000 lines, a tenth of what tests of
 * an edge take. An error that nobody catches fails the file in place of the test.
 *
 * Source: `lib/internal/test_runner/harness.js` of Node 24, which enables a hook for nothing else. The code that is
 * tested has none: contexts of traces do without since Node 24.
 */
const hooks = Object.getPrototypeOf(createHook({}))
hooks.enable = function enable() {
  return this
}
