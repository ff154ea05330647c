import { isLoader } from './in-memory.ts'
import { TEST_TURNS, takeTurn } from './turns.ts'

/**
 * To be imported before a test file is: it waits here until few enough others run. Files that load those in memory wait for
 * nobody.
 */
const port = process.env[TEST_TURNS]
const [, file = ''] = process.argv
// Processes and threads that the test starts import this too. They are part of its turn, and must not wait for it to end.
delete process.env[TEST_TURNS]
// Without the runner there are no engines either.
if (port && !isLoader(file) && !(await takeTurn(Number(port)))) process.exit(1)
