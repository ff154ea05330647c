import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

/** What stands in `infra/prometheus` and `infra/grafana`, as far as tests look into it. */

const infra = new URL('../../../infra/', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, infra), 'utf8')

const datasource = z.object({ type: z.literal('prometheus'), uid: z.string() })
const Dashboard = z.object({
  uid: z.string(),
  panels: z.array(
    z.object({
      id: z.int(),
      title: z.string().min(1),
      description: z.string().min(1),
      datasource,
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string() })).min(1),
    }),
  ),
  templating: z.object({ list: z.array(z.object({ name: z.string(), query: z.object({ query: z.string() }) })) }),
})

export const dashboard = () => Dashboard.parse(JSON.parse(read('grafana/dashboards/whiply.json')))

export const dashboardQueries = (): readonly string[] => {
  const { panels, templating } = dashboard()
  return [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    // Of a variable: label_values(metric, label).
    ...templating.list.map(({ query }) => query.query.replace(/^label_values\((.*), (\w+)\)$/, 'sum by ($2) ($1)')),
  ]
}

const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[sm]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string() }),
        }),
      ),
    }),
  ),
})

export const alerts = () => Rules.parse(parse(read('prometheus/alerts.yml'))).groups.flatMap(({ rules }) => rules)

export const alertQueries = (): readonly string[] => alerts().map(({ expr }) => expr)

const Targets = z.array(
  z.strictObject({ targets: z.array(z.string()).length(1), labels: z.strictObject({ process: z.string() }) }),
)

export const targets = () => Targets.parse(JSON.parse(read('prometheus/targets.json')))

const Scrape = z.object({
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.object({ job_name: z.string(), file_sd_configs: z.array(z.object({ files: z.array(z.string()) })) }),
  ),
})

export const prometheus = () => Scrape.parse(parse(read('prometheus/prometheus.yml')))

export const datasourceUids = (): readonly string[] =>
  z
    .object({ datasources: z.array(z.object({ uid: z.string() })) })
    .parse(parse(read('grafana/provisioning/datasources/prometheus.yml')))
    .datasources.map(({ uid }) => uid)
