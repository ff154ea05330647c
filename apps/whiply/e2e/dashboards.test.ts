import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readConfig } from '#libs/config/config.ts'
import { askedBy } from '#libs/testing/promql.ts'
import { apps } from '../apps.ts'
import { alerts, dashboard, datasourceUids, prometheus, targets } from './dashboards.fixtures.ts'

const operating = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')

test('Prometheus scrapes every app, where --processes lets its metrics be seen', () => {
  const { metricsPort } = readConfig({})
  const known = targets()
  for (const [index, { name }] of apps.entries())
    assert.deepEqual(
      known.find(({ labels }) => labels.process === name)?.targets,
      [`127.0.0.1:${metricsPort + index}`],
      `${name} in infra/prometheus/targets.json`,
    )
  assert.equal(new Set(known.flatMap(({ targets }) => targets)).size, known.length)
  const { rule_files, scrape_configs } = prometheus()
  assert.deepEqual(rule_files, ['alerts.yml'])
  assert.deepEqual(
    scrape_configs.map(({ job_name, file_sd_configs }) => [job_name, file_sd_configs]),
    [['whiply', [{ files: ['targets.json'] }]]],
  )
})

test('the panels of the dashboard stand side by side, and ask the provisioned Prometheus', () => {
  const { panels } = dashboard()
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
    assert.ok(x >= 0 && x + w <= 24)
    return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`)
  })
  assert.equal(new Set(cells).size, cells.length, 'two panels overlap')
  assert.deepEqual(new Set(panels.map(({ datasource }) => datasource.uid)), new Set(datasourceUids()))
})

test('every alert has a name of its own, and a place in the operator’s document', () => {
  const names = alerts().map(({ alert }) => alert)
  assert.equal(new Set(names).size, names.length)
  assert.deepEqual(
    names.filter((name) => !operating.includes(`\`${name}\``)),
    [],
  )
})

test('alarms that alerts ask for by their codes are there', () => {
  const codes = alerts()
    .flatMap(({ expr }) => askedBy(expr).selectors)
    .flatMap(({ metric, labels }) => (metric === 'whiply_alarms_total' ? (labels.get('code') ?? '').split('|') : []))
    .filter((code) => code !== '' && !code.endsWith('*'))
  assert.ok(codes.length > 5)
  assert.deepEqual(
    codes.filter((code) => !operating.includes(`\`${code}\``)),
    [],
  )
})
