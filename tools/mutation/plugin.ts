/**
 * Two plugins of Stryker: texts of errors are not mutated, and a sample of the mutants is let through.
 * @module
 */
import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import { type Checker, type CheckResult, CheckStatus } from '@stryker-mutator/api/check'
import type { Mutant, StrykerOptions } from '@stryker-mutator/api/core'
import type { Ignorer } from '@stryker-mutator/api/ignore'
import { commonTokens, declareClassPlugin, declareValuePlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'

/** How much of the mutants is tried: a share from 0 to 1 chosen by the seed, and at least so many of each file. */
export interface Sample {
  readonly share: number
  readonly least: number
  readonly seed: string
}

/** A number from 0 to 1 that is the same for the same mutant, whatever else is in the file. */
function rankOf({ fileName, replacement, mutatorName, location }: Mutant, seed: string): number {
  const { start, end } = location
  const path = relative(process.cwd(), fileName)
  const text = [seed, path, start.line, start.column, end.line, end.column, mutatorName, replacement].join('\0')
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32
}

/** The mutants of a sample: of each file the lowest ranks. */
export function sampleOf(mutants: readonly Mutant[], { share, least, seed }: Sample): ReadonlySet<string> {
  const chosen = new Set<string>()
  for (const ofFile of Map.groupBy(mutants, (mutant) => mutant.fileName).values()) {
    const ranked = ofFile
      .map((mutant) => ({ id: mutant.id, rank: rankOf(mutant, seed) }))
      .sort((one, other) => one.rank - other.rank)
    for (const { id } of ranked.slice(0, Math.max(least, Math.round(ofFile.length * share)))) chosen.add(id)
  }
  return chosen
}

/** A mutant outside of the sample is refused before any test is run for it. */
class SampleChecker implements Checker {
  static inject = tokens(commonTokens.options)
  readonly #sample: Sample

  constructor(options: StrykerOptions) {
    // main.ts puts it there; options of plugins have no type in Stryker's own
    this.#sample = options.sample as Sample
  }

  async init(): Promise<void> {}

  /** All mutants in one group, so that each file's are seen together. */
  async group(mutants: Mutant[]): Promise<string[][]> {
    return [mutants.map((mutant) => mutant.id)]
  }

  async check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    const chosen = sampleOf(mutants, this.#sample)
    const resultOf = ({ id }: Mutant): CheckResult =>
      chosen.has(id)
        ? { status: CheckStatus.Passed }
        : { status: CheckStatus.CompileError, reason: 'not in the sample' }
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, resultOf(mutant)]))
  }
}

/** The little of a syntax tree that is looked at; Stryker's own type of it is empty. */
interface SyntaxNode {
  readonly type: string
  readonly name?: string
  readonly id?: SyntaxNode
  readonly callee?: SyntaxNode
  readonly arguments?: readonly SyntaxNode[]
}

/** Whether a node is the message of `new SomeError(code, message)`, or what `const message = …` begins with. */
function isMessage(node: SyntaxNode, parent: SyntaxNode): boolean {
  if (parent.type === 'VariableDeclarator') return parent.id?.name === 'message' && node !== parent.id
  if (parent.type !== 'NewExpression' || !parent.callee?.name?.endsWith('Error')) return false
  const { arguments: passed = [] } = parent
  return node === (passed[1] ?? passed[0])
}

/** Leaves messages as they are: tests name the code and the words that help, not every word. */
const messages: Ignorer = {
  shouldIgnore(path) {
    const { node, parent } = path as { readonly node: SyntaxNode; readonly parent: SyntaxNode | null }
    return parent !== null && isMessage(node, parent) ? 'a message' : undefined
  },
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Checker, 'sample', SampleChecker),
  declareValuePlugin(PluginKind.Ignore, 'messages', messages),
]
