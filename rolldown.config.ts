import { join, relative, sep } from 'node:path'
import { type CodeSplittingGroup, type CodeSplittingNameFunction, defineConfig } from 'rolldown'
import { programs, rooms, systems } from './build-entries.ts'

const SOURCE = join(import.meta.dirname, 'src')

/** What every start loads, `--help` too; and what a `run` loads beyond that. */
const STARTS = { start: ['cli/program/program.ts'], run: ['cli/run.ts', 'systems/support/job.ts'] }

/** From below, so that no file imports one that comes later. */
const FLOORS = [
  ...['errors', 'spelling', 'arguments', 'time', 'table', 'transform', 'aggregate', 'format', 'connect'],
  ...['isolate', 'pipeline', 'terminal', 'systems', 'cli'],
]

/** The first folder below `src` of a module, or its name where it is in none. */
const floorOf = (id: string): string => (relative(SOURCE, id).split(sep)[0] ?? '').replace(/\.ts$/, '')

type Graph = Parameters<CodeSplittingNameFunction>[1]

const loaded: Record<keyof typeof STARTS, Set<string>> = { start: new Set(), run: new Set() }

/** Whether a start loads a module: one of its first ones, or what they import. */
function isLoadedBy(start: keyof typeof STARTS, id: string, graph: Graph): boolean {
  const found = loaded[start]
  const next = found.size > 0 ? [] : STARTS[start].map((name) => join(SOURCE, name))
  for (let module = next.pop(); module !== undefined; module = next.pop()) {
    if (found.has(module)) continue
    found.add(module)
    next.push(...(graph.getModuleInfo(module)?.importedIds ?? []))
  }
  return found.has(id)
}

/** One file a floor for what a start loads and no earlier group has: a group takes along what its modules import. */
const filesOf = (start: keyof typeof STARTS, prefix: string, priority: number): CodeSplittingGroup[] =>
  FLOORS.map((floor, at) => ({
    name: (id, graph) => (floorOf(id) === floor && isLoadedBy(start, id, graph) ? `${prefix}${floor}` : null),
    debugName: `${prefix}${floor}`,
    priority: priority - at,
  }))

/**
 * The ESM build. What a start loads of a room is one file, and what a `run` loads beyond that another one: a file costs a
 * start more than the code in it, and by default every set of entries that share modules gets a file of its own, 80 for a run.
 */
export default defineConfig({
  logLevel: 'warn',
  input: { ...rooms, ...systems, ...programs },
  external: /^(?!\.|\/)/,
  platform: 'node',
  transform: { target: 'node22' },
  output: {
    dir: 'dist',
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    comments: { jsdoc: false, annotation: false },
    codeSplitting: {
      groups: [...filesOf('start', 'start-', 2 * FLOORS.length), ...filesOf('run', '', FLOORS.length)],
    },
  },
})
