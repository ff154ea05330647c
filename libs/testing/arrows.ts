import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/** One import in one file, both as paths from the root; `to` is a package's name where it leaves the checkout. */
export type Import = {
  readonly from: string
  readonly to: string
  /** Nothing is loaded by it. */
  readonly typesOnly?: boolean
}

/** An import that points the wrong way, and the rule that it breaks. */
export type WrongArrow = Import & { readonly rule: string }

const contexts = ['audit', 'identity', 'channel', 'broadcast', 'conversation', 'analytics', 'integration']
const middle = [
  'addresses',
  'images',
  'journal',
  'readmodel',
  'access',
  'protocols',
  'media',
  'vault',
  'http',
  'registry',
  'policy',
  'mail',
]
const base = ['contracts', 'config', 'postgres', 'telemetry']
const outside = ['client', 'bot']

/** What each layer may import besides its own folder. Arrows go down; the layers below the contexts may also go sideways. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  app: ['context', 'middle', 'base', 'outside'],
  launcher: ['app', 'context', 'middle', 'base', 'outside', 'infra'],
  context: ['middle', 'base'],
  middle: ['middle', 'base'],
  base: ['base'],
  // What others install stands alone.
  outside: [],
  infra: ['infra'],
  testing: ['app', 'launcher', 'context', 'middle', 'base', 'outside', 'infra', 'bench'],
  bench: ['app', 'launcher', 'context', 'middle', 'base', 'outside', 'infra', 'testing', 'bench'],
}

const layerOf = (file: string): string | undefined => {
  const [top, folder = ''] = file.split('/')
  if (top === 'apps') return folder === 'whiply' ? 'launcher' : 'app'
  if (top === 'infra' || top === 'bench') return top
  if (top !== 'libs') return undefined
  if (contexts.includes(folder)) return 'context'
  if (middle.includes(folder)) return 'middle'
  if (base.includes(folder)) return 'base'
  if (outside.includes(folder) || folder === 'testing') return folder === 'testing' ? 'testing' : 'outside'
  return folder.includes('.') ? undefined : 'a folder that has no layer yet'
}

const folderOf = (file: string): string => file.split('/').slice(0, 2).join('/')

/** Tests, the contract suites that they run and the fixtures that they share may use what tests are made of. */
const isTest = (file: string): boolean => /\.(test|contract|fixtures)\.tsx?$/.test(file)

/** A decider's door: whatever it reaches is loaded by every decider, which serves nobody and has no database. */
const isDeciderDoor = (file: string): boolean => /^libs\/[^/]+\/decider\.ts$/.test(file)
const notForDeciders = ['express', 'postgres', 'ws']

const specifiers =
  /(?:^|\n)\s*(?:import|export)\b(\s+type\b)?[^'"\n;]*?(?:\{[^}]*\})?[^'"\n;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g

const targetOf = (file: string, specifier: string): string => {
  if (specifier.startsWith('#')) return specifier.slice(1)
  if (specifier.startsWith('.')) return join(dirname(file), specifier).split(sep).join('/')
  return specifier
}

/** The imports that stand in a file's text, types included. */
export const importsIn = (file: string, text: string): readonly Import[] =>
  [...text.matchAll(specifiers)].map(([, type, named, bare]) => ({
    from: file,
    to: targetOf(file, named ?? bare ?? ''),
    ...(type !== undefined && { typesOnly: true }),
  }))

/** @returns the rule that an import breaks, undefined for a good one. */
const brokenBy = ({ from, to }: Import): string | undefined => {
  const [source, target] = [layerOf(from), layerOf(to)]
  if (source === undefined || target === undefined || folderOf(from) === folderOf(to)) return undefined
  if (source === 'context' && target === 'context') return 'a context never imports another: they speak by events'
  if (allowed[source]?.includes(target)) return undefined
  if (isTest(from) && (target === 'testing' || target === 'infra')) return undefined
  // A test of an app may run it beside others, as the launcher does.
  if (isTest(from) && source === 'app' && target === 'app') return undefined
  return `${source} imports ${target}`
}

/** Cycles among folders, each as the way round. */
const cycles = (imports: readonly Import[]): readonly WrongArrow[] => {
  const edges = new Map<string, Map<string, Import>>()
  for (const one of imports) {
    const [from, to] = [folderOf(one.from), folderOf(one.to)]
    if (isTest(one.from) || from === to || layerOf(one.from) === undefined || layerOf(one.to) === undefined) continue
    const out = edges.get(from) ?? new Map<string, Import>()
    edges.set(from, out.set(to, out.get(to) ?? one))
  }
  const found: WrongArrow[] = []
  const done = new Set<string>()
  const walk = (folder: string, way: readonly string[]) => {
    if (done.has(folder)) return
    for (const [to, one] of edges.get(folder) ?? [])
      if (way.includes(to)) found.push({ ...one, rule: `a cycle: ${[...way.slice(way.indexOf(to)), to].join(' → ')}` })
      else walk(to, [...way, to])
    done.add(folder)
  }
  for (const folder of edges.keys()) walk(folder, [folder])
  return found
}

const deciderReaches = (imports: readonly Import[]): readonly WrongArrow[] => {
  const bySource = Map.groupBy(imports, ({ from }) => from)
  const found: WrongArrow[] = []
  for (const door of [...bySource.keys()].filter(isDeciderDoor)) {
    const seen = new Set<string>([door])
    for (const file of seen)
      for (const { from, to } of bySource.get(file) ?? [])
        if (notForDeciders.includes(to)) found.push({ from, to, rule: `${door} must never load ${to}` })
        else seen.add(to)
  }
  return found
}

/** All arrows that point the wrong way among these imports. */
export const wrongArrows = (imports: readonly Import[]): readonly WrongArrow[] => [
  ...imports.flatMap((one) => {
    const rule = brokenBy(one)
    return rule ? [{ ...one, rule }] : []
  }),
  ...cycles(imports),
  ...deciderReaches(imports),
]

/** Reads every import of the checkout's TypeScript. */
export const readImports = (root: string): readonly Import[] =>
  globSync(['apps', 'libs', 'infra', 'bench', 'examples'].map((top) => join(root, top, '**/*.{ts,tsx}'))).flatMap(
    (path) => importsIn(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')),
  )
