/**
 * Two Stryker plugins: one excludes texts of errors from mutation, one selects a sample of the
 * mutants.
 * @module
 */
import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import { type Checker, type CheckResult, CheckStatus } from '@stryker-mutator/api/check'
import type { Mutant, StrykerOptions } from '@stryker-mutator/api/core'
import type { Ignorer } from '@stryker-mutator/api/ignore'
import { commonTokens, declareClassPlugin, declareValuePlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'

/**
 * The mutants to try: a share from 0 to 1, chosen by the seed, and at least this many of each
 * file.
 */
export interface Sample {
  readonly share: number
  readonly least: number
  readonly seed: string
}

/**
 * A number from 0 to 1 that depends only on the mutant and the seed, whatever else is in the file.
 */
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

/** Refuses a mutant outside the sample before any test runs for it. */
class SampleChecker implements Checker {
  static inject = tokens(commonTokens.options)
  readonly #sample: Sample

  constructor(options: StrykerOptions) {
    // main.ts sets it; Stryker's options have no type for plugins
    this.#sample = options.sample as Sample
  }

  async init(): Promise<void> {}

  /** One group for all mutants, so that the sample sees each file as a whole. */
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

/** The parts of a syntax node that are used; Stryker's own type for it is empty. */
interface SyntaxNode {
  readonly type: string
  readonly name?: string
  readonly id?: SyntaxNode
  readonly callee?: SyntaxNode
  readonly arguments?: readonly SyntaxNode[]
}

/**
 * Whether a node is the message of `new SomeError(code, message)`, or the initial value of `const
 * message = …`.
 */
function isMessage(node: SyntaxNode, parent: SyntaxNode): boolean {
  if (parent.type === 'VariableDeclarator') return parent.id?.name === 'message' && node !== parent.id
  if (parent.type !== 'NewExpression' || !parent.callee?.name?.endsWith('Error')) return false
  const { arguments: passed = [] } = parent
  return node === (passed[1] ?? passed[0])
}

/** Leaves messages unchanged: tests check the code and the important words, not every word. */
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
