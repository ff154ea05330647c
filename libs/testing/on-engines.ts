import type { Import } from './arrows.ts'

const ENGINES = 'libs/testing/engines.ts'

/** The test files that reach the run's engines, however far away: what also runs on engines from containers. */
export const testsOnEngines = (imports: readonly Import[]): readonly string[] => {
  const importers = Map.groupBy(imports, ({ to }) => to)
  const reached = new Set([ENGINES])
  for (const file of reached) for (const { from } of importers.get(file) ?? []) reached.add(from)
  return [...reached].filter((file) => file.endsWith('.test.ts')).sort()
}
