import type { Catalogue, FieldEntry, TopicEntry, TypeEntry } from './catalogue.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in HTML, between tags and in attributes with quotes. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '')

/** A doc as HTML: what stands between backticks is code. */
export const docHtml = (doc: string): string =>
  doc
    .split('`')
    .map((part, index) => (index % 2 === 1 ? code(part) : escapeHtml(part)))
    .join('')

const code = (text: string): string => `<code>${escapeHtml(text)}</code>`

const json = (value: unknown, indent?: number): string => JSON.stringify(value, undefined, indent) ?? 'null'

const row = (cells: readonly string[], tag: 'td' | 'th'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`

const fieldRow = ({ name, type, doc, example, since }: FieldEntry): string =>
  row([code(name), escapeHtml(type), docHtml(doc), code(json(example)), escapeHtml(since)], 'td')

const typeSection = ({ type, subject, doc, since, version, fields, example }: TypeEntry): string => `
      <section id="${escapeHtml(subject)}">
        <h3>${escapeHtml(type)}</h3>
        <p>${docHtml(doc)}</p>
        <p>Subject ${code(subject)}, version ${version}, since ${escapeHtml(since)}</p>
        <table>
          <thead>${row(['field', 'type', 'meaning', 'example', 'since'], 'th')}</thead>
          <tbody>
            ${fields.map(fieldRow).join('\n            ')}
          </tbody>
        </table>
        <pre>${escapeHtml(json(example, 2))}</pre>
      </section>`

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`)

const topicSection = (topic: TopicEntry): string => `
    <article id="${escapeHtml(topic.name)}">
      <h2>${escapeHtml(topic.topic)}</h2>
      <p>${docHtml(topic.doc)}</p>
      <dl>
        <dt>Key</dt><dd>${docHtml(topic.key)}</dd>
        <dt>Kept for</dt><dd>${days(topic.retentionDays)}</dd>
        <dt>Compatibility</dt><dd>${code(topic.compatibility)}: every version reads what every other wrote.</dd>
        <dt>Since</dt><dd>${escapeHtml(topic.since)}</dd>
        <dt>Of some channels only</dt><dd>${code(topic.ofSomeChannels)}, with an integrator's name: the same records, from when it was given the channels.</dd>
        <dt>Over HTTP</dt><dd>${code(`GET ${topic.stream}`)}</dd>
      </dl>${topic.types.map(typeSection).join('')}
    </article>`

const contents = ({ name, topic, types }: TopicEntry): string => `
        <li><a href="#${escapeHtml(name)}">${escapeHtml(topic)}</a>
          <ul>${types
            .map(({ subject, type }) => `<li><a href="#${escapeHtml(subject)}">${escapeHtml(type)}</a></li>`)
            .join('')}</ul></li>`

/** The catalogue as a page that needs no script. */
export const cataloguePage = ({ topics }: Catalogue): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Public topics</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/catalogue.css">
  </head>
  <body>
    <header>
      <h1>Public topics</h1>
      <p>What others may subscribe to. The same as data: <a href="/catalogue.json">/catalogue.json</a>.</p>
      <nav aria-label="Topics">
        <ul>${topics.map(contents).join('')}
        </ul>
      </nav>
    </header>
    <main>${topics.map(topicSection).join('')}
    </main>
  </body>
</html>
`
