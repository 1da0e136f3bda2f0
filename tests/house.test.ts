import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { QUICK_ROOMS } from './quick-rooms.ts'

const root = join(import.meta.dirname, '..', 'src')

/** One room a system: a new one has its floor without being named here. */
function systemRooms(): string[] {
  const folders = readdirSync(join(root, 'systems'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map(({ name }) => `systems/${name}`)
}

/**
 * The floors of the house, the lowest first. Imports run from a higher floor to a lower one, and rooms on one floor do not
 * import each other. A system is a room of its own; `systems` is what stands directly in that folder.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'spelling'],
  ['arguments', 'time'],
  ['table'],
  ['transform', 'aggregate', 'format', 'connect', 'metrics'],
  ['sample', 'isolate'],
  ['pipeline'],
  ['engine', 'terminal', 'page', 'server'],
  ['systems/system'],
  ['systems/page-data'],
  systemRooms(),
  ['systems/index'],
  ['dashboard', 'index'],
  ['cli'],
]

/** Which system may use tables of another one. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {}

/** What the root entry takes from systems: the support report, which is the project's main job. */
const ROOT_ENTRY_TAKES = /^systems\/support\/(tables|figures\/[a-z-]+)\.ts$/

/** Rooms and folders that run in a browser: no node: module, clock, chance, process or console. */
const PURE = [
  /^(errors|spelling|arguments|index)\.ts$/,
  /^(time|table|transform|aggregate|metrics)\//,
  /^systems\/[a-z]+\/(tables\.ts|(clean|figures)\/)/,
  /^page\/selection\/(marks|order|fact-set|selection|facts-frame)\.ts$/,
]
/** Folders that may use Node's modules. */
const WORLD_TOUCHING = [
  /^(connect|isolate|terminal|server|engine|dashboard|cli)\//,
  /^pipeline\/effects\.ts$/,
  /^systems\/[a-z]+\/(commands|routes|sample)\//,
]
/** Words by which rooms of the library would name a system: none does. */
const SYSTEM_IMPORT = /^systems\//

/** Third-party packages, each imported in one place. */
const PACKAGES: Record<string, RegExp> = {
  arquero: /^table\/arquero\/arquero\.ts$/,
  'apache-arrow': /^table\/arrow\/arrow\.ts$/,
  '@js-temporal/polyfill': /^time\/temporal\.ts$/,
  '@uwdata/flechette': /^format\/arrow\//,
  'parquet-wasm': /^format\/parquet\/engine\.ts$/,
  'csv-parse': /^format\/csv\/read\/[a-z-]+\.ts$/,
  commander: /^terminal\/program\.ts$/,
  '@observablehq/plot': /^(page|dashboard\/page|systems\/[a-z]+\/page)\//,
  hyparquet: /^page\/parquet-columns\.ts$/,
  'hyparquet-compressors': /^page\/parquet-columns\.ts$/,
  '@aws-sdk/client-s3': /^connect\/s3\//,
  '@aws-sdk/client-ssm': /^connect\/ssm\//,
  pg: /^connect\/postgres\/(server|read-pool)\.ts$/,
  '@grpc/grpc-js': /^engine\/spark\/channel\.ts$/,
  '@grpc/proto-loader': /^engine\/spark\/channel\.ts$/,
  'pg-copy-streams': /^connect\/postgres\/server\.ts$/,
  '@electric-sql/pglite': /^connect\/postgres\/embedded\.ts$/,
  '@duckdb/node-api': /^engine\/duckdb\.ts$/,
  pdfkit: /^systems\/complaints\/deck\/pdf-deck\.ts$/,
  pptxgenjs: /^systems\/complaints\/deck\/pptx-deck\.ts$/,
  hono: /^server\//,
  '@hono/node-server': /^server\/(start-server|routes\/routes-app)\.ts$/,
  '@hono/zod-openapi': /^server\/routes\/(api-document|routes-app)\.ts$/,
  // schemas of requests and answers
  zod: /^(server|systems\/[a-z]+\/routes)\//,
  kysely: /^(server\/(route\.ts$|database\/)|systems\/[a-z]+\/(routes|queries)\/)/,
  jose: /^server\/keys\/jwt\.ts$/,
  pino: /^server\/request-log\.ts$/,
  'prom-client': /^server\/metrics\.ts$/,
}

/** Files longer than 350 lines, each with its reason. */
const LONG_FILES: Record<string, string> = {
  'table/arrow/arrow.ts': 'apache-arrow is imported in one file, so that its types and its data are built in one',
  'table/arrow/layout.ts': 'one way to write for every Arrow type; each is a few lines',
  'table/arrow/values.ts': 'one way to read for every Arrow type; each is a few lines',
  'table/column.ts': 'the classes of columns refer to each other in one union',
}

interface SourceFile {
  readonly path: string
  readonly room: string
  readonly text: string
  readonly imports: readonly string[]
}

/** The room that a file belongs to: its top folder, or its system. */
function roomOf(path: string): string {
  const [first, second] = path.replace(/\.ts$/, '').split('/') as [string, string | undefined]
  return first === 'systems' ? `systems/${second}` : first
}

const floorOf = (room: string): number => FLOORS.findIndex((rooms) => rooms.includes(room))

function importsOf(text: string): string[] {
  return [
    ...text.matchAll(/^(?:import|export)\b[^'"\n;]*(?:\{[^}]*\}[^'"\n;]*)?from\s+'([^']+)'/gm),
    ...text.matchAll(/^import\s+'([^']+)'/gm),
    ...text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g),
  ].map((match) => match[1] as string)
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
}

function readSources(): SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      const place = path.split(sep).join('/')
      return { path: place, room: roomOf(place), text, imports: importsOf(text) }
    })
}

const files = readSources()
const inside = (file: SourceFile) =>
  file.imports
    .filter((name) => name.startsWith('.'))
    .map((name) =>
      relative(root, join(root, dirname(file.path), name))
        .split(sep)
        .join('/'),
    )
const outside = (file: SourceFile) => file.imports.filter((name) => !name.startsWith('.'))
const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')

describe('the house', () => {
  it('has only rooms with a floor', () => {
    expect(files.length).toBeGreaterThan(10)
    expect([...new Set(files.map((file) => file.room))].filter((room) => floorOf(room) < 0)).toEqual([])
  })

  it('imports downwards only, and never a room on the same floor', () => {
    const breaches = files.flatMap((file) =>
      inside(file)
        .map((target) => ({ target, room: roomOf(target) }))
        .filter(({ room }) => room !== file.room && !NEEDS[file.room]?.includes(room))
        .filter(({ room }) => floorOf(room) < 0 || floorOf(room) >= floorOf(file.room))
        .map(({ target }) => `${file.path} -> ${target}`),
    )
    expect(breaches).toEqual([])
  })

  it('names a system in no room of the library, and in the root entry only the support report', () => {
    const breaches = files
      .filter((file) => floorOf(file.room) < floorOf('systems/system') || file.path === 'index.ts')
      .flatMap((file) =>
        inside(file)
          .filter((target) => SYSTEM_IMPORT.test(target))
          .filter((target) => file.path !== 'index.ts' || !ROOT_ENTRY_TAKES.test(target))
          .map((target) => `${file.path} -> ${target}`),
      )
    expect(breaches).toEqual([])
  })

  it('names a system in neither the dashboard nor the command line: one is added by its folder and a line of the index', () => {
    const breaches = files
      .filter((file) => /^(dashboard|cli)\//.test(file.path))
      .flatMap((file) =>
        inside(file)
          .filter((target) => /^systems\/[^/]+\//.test(target))
          .map((target) => `${file.path} -> ${target}`),
      )
    expect(breaches).toEqual([])
  })

  it('has no circle of imports', () => {
    const graph = new Map(files.map((file) => [file.path, inside(file)]))
    const done = new Set<string>()
    const circles: string[] = []
    const walk = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      else if (!done.has(path)) {
        for (const next of graph.get(path) ?? []) walk(next, [...trail, path])
        done.add(path)
      }
    }
    for (const path of graph.keys()) walk(path, [])
    expect(circles).toEqual([])
  })

  it('imports its own files by paths that exist', () => {
    const known = new Set(files.map((file) => file.path))
    const missing = files.flatMap((file) =>
      inside(file)
        .filter((target) => target.endsWith('.ts') && !known.has(target))
        .map((target) => `${file.path} -> ${target}`),
    )
    expect(missing).toEqual([])
  })

  it('touches the world only where the world is', () => {
    const breaches = files
      .filter((file) => !WORLD_TOUCHING.some((place) => place.test(file.path)))
      .flatMap((file) =>
        outside(file)
          .filter((name) => name.startsWith('node:'))
          .map((name) => `${file.path}: ${name}`),
      )
    expect(breaches).toEqual([])
  })

  it('keeps clock, chance, console and the process out of the pure rooms', () => {
    const impure = /\bDate\.now\(|new Date\(\)|Math\.random\(|\bconsole\.|\bprocess\.|\bsetTimeout\(|\bfetch\(/
    const breaches = files
      .filter((file) => PURE.some((place) => place.test(file.path)))
      .flatMap((file) => {
        return impure.test(withoutComments(file.text)) ? [file.path] : []
      })
    expect(breaches).toEqual([])
  })

  it('imports each third-party package in its one place', () => {
    const breaches = files.flatMap((file) =>
      outside(file)
        .filter((name) => !name.startsWith('node:'))
        .filter((name) => !PACKAGES[packageOf(name)]?.test(file.path))
        .map((name) => `${file.path}: ${name}`),
    )
    expect(breaches).toEqual([])
  })

  it('opens every folder with a module sentence', () => {
    const rooms = new Set(files.filter((file) => file.path.includes('/')).map((file) => dirname(file.path)))
    const silent = [...rooms].filter(
      (room) => !files.some((file) => dirname(file.path) === room && /^\/\*\*[\s\S]*?@module/.test(file.text)),
    )
    expect(silent).toEqual([])
  })

  it('keeps files to 350 lines unless a reason is written down', () => {
    const long = files
      .filter((file) => file.text.split('\n').length > 351 && !(file.path in LONG_FILES))
      .map((file) => `${file.path}: ${file.text.split('\n').length} lines`)
    expect(long).toEqual([])
  })

  it('calls no file util, common, helpers, core, shared or misc', () => {
    expect(
      files.filter((file) => /(^|[/-])(utils?|common|helpers?|core|shared|misc)(\.ts|\/|-)/.test(file.path)),
    ).toEqual([])
  })
})

const testRoot = import.meta.dirname

/** Each file below `tests/`, with what its imports reach: files below `tests/`, and packages. */
function reachOfTests(): ReadonlyMap<string, ReadonlySet<string>> {
  const paths = readdirSync(testRoot, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.ts') && !path.startsWith('.venv/'))
  const direct = new Map(
    paths.map((path) => {
      const names = importsOf(readFileSync(join(testRoot, path), 'utf8'))
      const target = (name: string) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : packageOf(name))
      return [path, names.map(target)]
    }),
  )
  const reach = (path: string, seen: Set<string>): Set<string> => {
    for (const next of direct.get(path) ?? []) if (!seen.has(next)) reach(next, seen.add(next))
    return seen
  }
  return new Map(paths.map((path) => [path, reach(path, new Set())]))
}

describe('the kinds of tests', () => {
  const reached = reachOfTests()
  const tests = [...reached.keys()].filter((path) => path.endsWith('.test.ts'))

  it('are told by names: X.platform.test.ts needs Chromium, an S3 or Postgres server, Python or images, and no other file does', () => {
    const tools = ['playwright-core', 'python-tools.ts', 'postgres-server.ts', 'kit/image.ts']
    const needing = tests.filter((path) => tools.some((tool) => reached.get(path)?.has(tool)))
    expect(needing.length).toBeGreaterThan(3)
    expect(tests.filter((path) => path.endsWith('.platform.test.ts'))).toEqual(needing)
  })

  it('name the tools of the platform nowhere else', () => {
    const tool = /\.venv|(['"`/])(?:python3?|moto_server|chromium(?:-browser)?)['"`]/
    const naming = [...reached.keys()]
      .filter((path) => !path.endsWith('.platform.test.ts') && path !== 'house.test.ts')
      .filter((path) => tool.test(withoutComments(readFileSync(join(testRoot, path), 'utf8'))))
    expect(naming.toSorted()).toEqual(['dashboard/browser.ts', 'python-tools.ts'])
  })

  it('are there in every quick room', () => {
    expect(QUICK_ROOMS.filter((place) => !tests.some((path) => path.startsWith(place)))).toEqual([])
  })
})

describe('the workflows', () => {
  it('name every action by its commit, and its version beside it', () => {
    const folder = join(testRoot, '..', '.github', 'workflows')
    const uses = readdirSync(folder).flatMap(
      (name) => readFileSync(join(folder, name), 'utf8').match(/uses: .*/g) ?? [],
    )
    expect(uses.length).toBeGreaterThan(5)
    expect(uses.filter((text) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(text))).toEqual([])
  })
})
