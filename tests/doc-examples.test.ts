import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { runExample } from './run-example.ts'

const entries = [
  'index',
  'format/index',
  'connect/index',
  'pipeline/index',
  'metrics/index',
  'systems/support/index',
  'systems/calls/index',
  'systems/complaints/index',
  'systems/transcripts/index',
  'systems/interactions/index',
  'engine/index',
  'server/index',
]
const src = join(import.meta.dirname, '..', 'src')

interface Example {
  readonly name: string
  readonly code: string
}

/** The examples of every exported value, and the names of those that show none. */
function readExamples(): { examples: Example[]; silent: string[] } {
  const paths = entries.map((entry) => join(src, `${entry}.ts`))
  const program = ts.createProgram(paths, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  })
  const checker = program.getTypeChecker()
  const examples: Example[] = []
  const silent: string[] = []
  const seen = new Set<ts.Symbol>()
  for (const path of paths) {
    const source = program.getSourceFile(path)
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    for (const exported of module === undefined ? [] : checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      if (seen.has(symbol) || !(symbol.flags & ts.SymbolFlags.Function)) continue
      seen.add(symbol)
      const shown = symbol.getJsDocTags(checker).filter((tag) => tag.name === 'example')
      if (shown.length === 0) silent.push(symbol.name)
      for (const [index, tag] of shown.entries()) {
        const code = ts.displayPartsToString(tag.text).replace(/^```\w*\n([\s\S]*?)\n?```\s*$/m, '$1')
        examples.push({ name: shown.length === 1 ? symbol.name : `${symbol.name} (${index + 1})`, code })
      }
    }
  }
  return { examples, silent }
}

describe('the examples in doc comments', () => {
  const { examples, silent } = readExamples()

  it('are there for every public function', () => {
    expect(examples.length).toBeGreaterThan(0)
    expect(silent).toEqual([])
  })

  it.each(examples.map(({ name, code }) => [name, code] as const))(
    '%s gives what its comment says',
    async (_, code) => {
      const { checked, wrong } = await runExample(code)
      expect(wrong).toEqual([])
      expect(checked, 'an example shows at least one result as a comment').toBeGreaterThan(0)
    },
    // an embedded database takes seconds to create
    120_000,
  )
})
