import { loadedBy } from './in-memory.ts'
import { TEST_TURNS, takeTurn } from './turns.ts'

/**
 * To be imported before a test file is: one that may reach for an engine, a browser or a clock waits here until few enough
 * others do. Those in memory wait for nobody.
 */
const path = process.env[TEST_TURNS]
// Whatever the test starts is part of its turn.
delete process.env[TEST_TURNS]
if (path && loadedBy(process.argv[1] ?? '') === undefined) await takeTurn(path)
