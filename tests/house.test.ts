import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', 'src')

/** Imports run from a higher floor to a lower one; rooms on one floor do not import each other. */
const FLOORS: Record<string, number> = {
  errors: 0,
  spelling: 0,
  arguments: 1,
  time: 1,
  table: 2,
  transform: 3,
  format: 3,
  connect: 3,
  model: 3,
  report: 4,
  pipeline: 4,
  engine: 4,
  jobs: 5,
  server: 6,
  dashboard: 6,
  index: 6,
  cli: 7,
}

/** Rooms that run in a browser: no node: module, clock, chance or console. */
const PURE_ROOMS = ['errors', 'spelling', 'arguments', 'time', 'table', 'transform', 'model', 'report', 'index']
const WORLD_TOUCHING = /^(connect|cli|server|dashboard)\/|^pipeline\/effects\.ts$/

/** Third-party packages, each imported in one file. */
const PACKAGES: Record<string, RegExp> = {
  arquero: /^table\/arquero\.ts$/,
  'apache-arrow': /^table\/arrow\.ts$/,
  '@uwdata/flechette': /^format\/arrow(-[a-z-]+)?\.ts$/,
  'parquet-wasm': /^format\/parquet(-[a-z]+)?\.ts$/,
  'csv-parse': /^format\/csv\/[a-z-]+\.ts$/,
  commander: /^cli\/[a-z-]+\.ts$/,
  '@observablehq/plot': /^dashboard\//,
  hyparquet: /^dashboard\//,
  'hyparquet-compressors': /^dashboard\//,
  '@aws-sdk/client-s3': /^connect\/s3(-[a-z]+)?\.ts$/,
}

/** Files longer than 300 lines, each with its reason. */
const LONG_FILES: Record<string, string> = {}

interface SourceFile {
  readonly path: string
  readonly room: string
  readonly text: string
  readonly imports: readonly string[]
}

function readSources(): SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      const imports = [
        ...text.matchAll(/^(?:import|export)\b[^'"\n;]*(?:\{[^}]*\}[^'"\n;]*)?from\s+'([^']+)'/gm),
        ...text.matchAll(/^import\s+'([^']+)'/gm),
        ...text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g),
      ].map((match) => match[1] as string)
      const posix = path.split(sep).join('/')
      return { path: posix, room: (posix.split('/')[0] as string).replace(/\.ts$/, ''), text, imports }
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
    expect([...new Set(files.map((file) => file.room))].filter((room) => !(room in FLOORS))).toEqual([])
  })

  it('imports downwards only, and never a room on the same floor', () => {
    const breaches = files.flatMap((file) =>
      inside(file)
        .map((target) => ({ target, room: (target.split('/')[0] as string).replace(/\.ts$/, '') }))
        .filter(({ room }) => room !== file.room && (FLOORS[room] ?? 99) >= (FLOORS[file.room] ?? -1))
        .map(({ target }) => `${file.path} -> ${target}`),
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
      .filter((file) => !WORLD_TOUCHING.test(file.path))
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
      .filter((file) => PURE_ROOMS.includes(file.room))
      .flatMap((file) => {
        const code = file.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
        return impure.test(code) ? [file.path] : []
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

  it('keeps files to 300 lines unless a reason is written down', () => {
    const long = files
      .filter((file) => file.text.split('\n').length > 301 && !(file.path in LONG_FILES))
      .map((file) => `${file.path}: ${file.text.split('\n').length} lines`)
    expect(long).toEqual([])
  })

  it('calls no file util, common, helpers, core, shared or misc', () => {
    expect(
      files.filter((file) => /(^|[/-])(utils?|common|helpers?|core|shared|misc)(\.ts|\/|-)/.test(file.path)),
    ).toEqual([])
  })
})
