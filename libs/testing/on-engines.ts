import type { Import } from './arrows.ts'

const ENGINES = 'libs/testing/engines.ts'

/** The test files that reach a file by their imports, however far away. */
export const testsReaching = (imports: readonly Import[], target: string): readonly string[] => {
  const importers = Map.groupBy(imports, ({ to }) => to)
  const reached = new Set([target])
  for (const file of reached) for (const { from } of importers.get(file) ?? []) reached.add(from)
  return [...reached].filter((file) => file.endsWith('.test.ts')).sort()
}

/** The test files that reach the run's engines: what also runs on engines from containers. */
export const testsOnEngines = (imports: readonly Import[]): readonly string[] => testsReaching(imports, ENGINES)
