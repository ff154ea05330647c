import { readFileSync } from 'node:fs'

/** A file of the page that shows the API and lets one try it. */
export type DocsFile = {
  readonly path: string
  readonly id: string
  readonly summary: string
  readonly contentType: string
  readonly text: string
}

const read = (name: string): string => readFileSync(new URL(`docs/${name}`, import.meta.url), 'utf8')

/** Read once at start. Nothing is fetched from elsewhere, so the page works offline and under a strict policy. */
export const docsFiles: readonly DocsFile[] = [
  {
    path: '/docs',
    id: 'getDocs',
    summary: 'A page to read this API and try it',
    contentType: 'text/html',
    text: read('index.html'),
  },
  {
    path: '/docs/docs.js',
    id: 'getDocsScript',
    summary: 'The script of that page',
    contentType: 'text/javascript',
    text: read('docs.js'),
  },
  {
    path: '/docs/docs.css',
    id: 'getDocsStyle',
    summary: 'The style of that page',
    contentType: 'text/css',
    text: read('docs.css'),
  },
]
