import { parser } from '@prometheus-io/lezer-promql'

type Node = ReturnType<typeof parser.parse>['topNode']

/** One selector of a query: the metric, and by which labels it is narrowed down. */
export type Selector = { readonly metric: string; readonly labels: ReadonlyMap<string, string> }

/** What a query asks for: its selectors, and the labels by which it groups or joins. */
export type Asked = { readonly selectors: readonly Selector[]; readonly grouping: readonly string[] }

/** Grafana's own variables, each as something that may stand in its place. */
const withVariables = (query: string): string =>
  query.replaceAll('$__rate_interval', '1m').replaceAll(/\$\{?\w+\}?/g, 'variable')

/** Reads a query by Prometheus's own grammar. @throws SyntaxError where it is none */
export const askedBy = (query: string): Asked => {
  const text = withVariables(query)
  const at = ({ from, to }: Node): string => text.slice(from, to)
  const selectors: Selector[] = []
  const grouping: string[] = []

  const selectorOf = (node: Node): Selector => {
    const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
    const labels = matchers.map((matcher): [string, string] => {
      const [name, value] = [matcher.getChild('LabelName'), matcher.getChild('StringLiteral')]
      if (!name || !value) throw new SyntaxError(`a matcher that is not understood: ${at(matcher)}`)
      return [at(name), at(value).slice(1, -1)]
    })
    const metric = node.getChild('Identifier')
    if (!metric) throw new SyntaxError(`a selector without a metric: ${at(node)}`)
    return { metric: at(metric), labels: new Map(labels) }
  }

  parser.parse(text).iterate({
    enter: ({ node }) => {
      if (node.type.isError) throw new SyntaxError(`no PromQL at ${node.from}: ${query}`)
      if (node.name === 'VectorSelector') selectors.push(selectorOf(node))
      if (node.name === 'GroupingLabels') grouping.push(...node.getChildren('LabelName').map(at))
    },
  })
  return { selectors, grouping }
}

/** The metrics of a page of Prometheus text, each with the values of its labels. */
export type Exposed = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export const exposedBy = (page: string): Exposed => {
  const exposed = new Map<string, Map<string, Set<string>>>()
  for (const [, metric = '', labels = ''] of page.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const known = exposed.get(metric) ?? new Map<string, Set<string>>()
    exposed.set(metric, known)
    for (const [, name = '', value = ''] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      known.set(name, (known.get(name) ?? new Set()).add(value))
  }
  return exposed
}

/** Labels that Prometheus gives to all that it scrapes. */
const ofTargets = ['instance', 'job', 'process']

/** What a query asks for that is not there, in words; empty where all is. */
export const missingFrom = (exposed: Exposed, query: string): readonly string[] => {
  const { selectors, grouping } = askedBy(query)
  const labelsOf = (metric: string): readonly string[] => [...ofTargets, ...(exposed.get(metric)?.keys() ?? [])]
  return [
    ...selectors.flatMap(({ metric, labels }) => {
      if (metric !== 'up' && !exposed.has(metric)) return [`there is no ${metric}`]
      return [...labels.keys()].flatMap((label) =>
        labelsOf(metric).includes(label) ? [] : [`${metric} has no label ${label}`],
      )
    }),
    ...grouping.flatMap((label) =>
      selectors.every(({ metric }) => labelsOf(metric).includes(label)) ? [] : [`not all have the label ${label}`],
    ),
  ].map((what) => `${what}: ${query}`)
}
