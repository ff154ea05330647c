import type { EventData } from 'node:test'
import type { TestEvent } from 'node:test/reporters'

/** What decides the exit code of a run. */
export type Findings = { failed: boolean; readonly skipped: string[] }

export type Observation = {
  /** Words the coverage, and says whether it is enough. */
  readonly report: (summary: EventData.TestCoverage['summary']) => { readonly text: string; readonly enough: boolean }
  readonly findings: Findings
  /** The files that one loads which fails as a whole, by an error that no test was told of. */
  readonly loadedBy: (file: string) => readonly string[] | undefined
  /** Where nobody looks at a skipped test, it counts as a failed one. */
  readonly skipsFail: boolean
}

/** The counts with which node's runner closes: kept back, so that they stand below everything that is added here. */
const isClosingLine = (event: TestEvent): boolean =>
  event.type === 'test:diagnostic' &&
  event.data.nesting === 0 &&
  /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(event.data.message)

const line = (message: string): TestEvent => ({
  type: 'test:stdout',
  data: { file: '', message: `${message}\n` },
})

/** Passes the runner's events on, gathers what decides the exit code, and adds coverage and a word on what was skipped. */
export async function* observe(
  events: AsyncIterable<TestEvent>,
  { report, findings, loadedBy, skipsFail }: Observation,
): AsyncGenerator<TestEvent> {
  const closing: TestEvent[] = []
  for await (const event of events) {
    if (event.type === 'test:fail' && event.data.todo === undefined) {
      findings.failed = true
      const loaded = loadedBy(event.data.name)
      if (loaded) yield line(`✖ in one of these, outside of any test:\n${loaded.join('\n')}`)
    }
    if (event.type === 'test:pass' && (event.data.skip !== undefined || event.data.todo !== undefined))
      findings.skipped.push(event.data.name)
    if (event.type === 'test:coverage') {
      const { text, enough } = report(event.data.summary)
      yield line(text)
      if (enough) continue
      findings.failed = true
      yield line('✖ too few lines are covered')
    } else if (isClosingLine(event)) closing.push(event)
    else yield event
  }
  if (findings.skipped.length > 0 && skipsFail) {
    findings.failed = true
    yield line(`✖ skipped, which fails where CI=true: ${findings.skipped.join('; ')}`)
  }
  yield* closing
}
