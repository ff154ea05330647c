import type { Import } from './arrows.ts'
import { testsReaching } from './on-engines.ts'

/** What tests bring from registries, by the file through which they reach it. */
const tools: Readonly<Record<string, () => Promise<unknown>>> = {
  'libs/testing/ffmpeg.ts': async () => (await import('./ffmpeg.ts')).ffmpegForTests(),
  'libs/testing/versitygw.ts': async () => (await import('./versitygw.ts')).versitygw(),
  'apps/schema-registry/clients.fixtures.ts': async () => {
    const { confluentForNode, confluentForPython } = await import('#apps/schema-registry/clients.fixtures.ts')
    return [await confluentForNode(), await confluentForPython()]
  },
  'examples/consumers.fixtures.ts': async () => {
    const { examples } = await import('../../examples/consumers.fixtures.ts')
    for (const { command } of examples) await command()
  },
}

/** Through these files, all of them. */
export const toolPaths: readonly string[] = Object.keys(tools)

/**
 * Brings what these tests need before the first of them runs, so that minutes of a new machine's first run count against
 * no test. What cannot be brought is left to the tests that need it: they say why.
 * @param files paths from the root
 */
export const bringTools = async (imports: readonly Import[], files: readonly string[]): Promise<void> => {
  for (const [path, bring] of Object.entries(tools)) {
    const needing = testsReaching(imports, path)
    if (files.some((file) => needing.includes(file))) await bring().catch(() => {})
  }
}
