import { join, relative, sep } from 'node:path'
import { type CodeSplittingNameFunction, defineConfig } from 'rolldown'
import { programs, rooms, systems } from './build-entries.ts'

const SOURCE = join(import.meta.dirname, 'src')

/** What a `run` loads: these modules and all that they import. */
const RUN = ['cli/start.ts', 'cli/program.ts', 'cli/run.ts', 'systems/support/job.ts']

/** From below, so that no file imports one that comes later. */
const FLOORS = [
  ...['errors', 'spelling', 'arguments', 'time', 'table', 'transform', 'aggregate', 'format', 'connect'],
  ...['isolate', 'pipeline', 'terminal', 'systems', 'cli'],
]

/** The first folder below `src` of a module, or its name where it is in none. */
const floorOf = (id: string): string => (relative(SOURCE, id).split(sep)[0] ?? '').replace(/\.ts$/, '')

type Graph = Parameters<CodeSplittingNameFunction>[1]

const needed = new Set<string>()
function isNeededByRun(id: string, graph: Graph): boolean {
  const next = needed.size > 0 ? [] : RUN.map((name) => join(SOURCE, name))
  for (let module = next.pop(); module !== undefined; module = next.pop()) {
    if (needed.has(module)) continue
    needed.add(module)
    next.push(...(graph.getModuleInfo(module)?.importedIds ?? []))
  }
  return needed.has(id)
}

/**
 * The ESM build. What a `run` needs of a room is one file: a file costs a start more than the code in it, and by default
 * every set of entries that share modules gets a file of its own, which makes 70.
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
      groups: FLOORS.map((floor, at) => ({
        name: (id, graph) => (floorOf(id) === floor && isNeededByRun(id, graph) ? floor : null),
        debugName: floor,
        priority: FLOORS.length - at,
      })),
    },
  },
})
