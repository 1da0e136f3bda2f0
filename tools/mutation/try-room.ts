/**
 * Runs one room through Stryker and returns the result of each mutant.
 * @module
 */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { MutantResult } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import type { Sample } from './plugin.ts'
import { chooseTests, type Room } from './rooms.ts'

/** One mutant that was tried. */
export interface Tried {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** The source line in which it begins, without its indent. */
  readonly code: string
  /** The original and the changed code, each on one line. */
  readonly change: string
  /** Whether a test failed, or did not end in time. */
  readonly isKilled: boolean
  readonly isTimedOut: boolean
}

/** The result of a room: the mutants tried, and the number of all its mutants. */
export interface Outcome {
  readonly tried: readonly Tried[]
  readonly all: number
}

const LONGEST = 100

function onOneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

function textAt(lines: readonly string[], { start, end }: MutantResult['location']): string {
  // lines and columns count from 1
  const part = lines.slice(start.line - 1, end.line)
  part[part.length - 1] = (part.at(-1) ?? '').slice(0, end.column - 1)
  part[0] = (part[0] ?? '').slice(start.column - 1)
  return part.join('\n')
}

function describe(mutant: MutantResult, lines: readonly string[]): Tried {
  const { start } = mutant.location
  return {
    file: relative(process.cwd(), mutant.fileName),
    line: start.line,
    code: (lines[start.line - 1] ?? '').trim(),
    change: `${onOneLine(textAt(lines, mutant.location))} → ${onOneLine(mutant.replacement ?? '')}`,
    isKilled: mutant.status === 'Killed' || mutant.status === 'Timeout',
    isTimedOut: mutant.status === 'Timeout',
  }
}

/**
 * Tries a sample of the room's mutants with this many workers. A mutant times out after `patience`
 * times what its tests take without it. If code and tests have not changed, it reuses the results of
 * an earlier run.
 */
export async function tryRoom(room: Room, sample: Sample, workers: number, patience: number): Promise<Outcome> {
  const place = import.meta.dirname
  const name = room.name.replaceAll('/', '-')
  const settings = {
    mutate: [...room.mutate],
    testRunner: 'vitest',
    plugins: [join(place, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js'), join(place, 'plugin.ts')],
    vitest: { configFile: 'tools/mutation/vitest.config.ts', related: false },
    checkers: sample.share < 1 ? ['sample'] : [],
    sample,
    ignorers: ['messages'],
    coverageAnalysis: 'perTest',
    // tests that start processes take long on a busy machine
    dryRunTimeoutMinutes: 30,
    timeoutFactor: patience,
    // half of the workers begin as checkers, so one more worker keeps them all busy
    concurrency: workers,
    ignorePatterns: ['/dist', '/docs/api', '/bench', '/output', '/reports', '/tests/.venv', '/.stryker-tmp'],
    incremental: true,
    incrementalFile: `reports/mutation/${name}-${sample.share}-${sample.seed}.json`,
    reporters: ['progress-append-only'],
    allowEmpty: false,
    warnings: { unknownOptions: false },
    tempDirName: `.stryker-tmp/${name}`,
  } as const
  chooseTests(room)
  const results = await new Stryker(settings as never).runMutationTest()
  const linesOf = new Map<string, readonly string[]>()
  const valid = results.filter(({ status }) => ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status))
  const tried = valid.map((mutant) => {
    const lines = linesOf.get(mutant.fileName) ?? readFileSync(mutant.fileName, 'utf8').split('\n')
    linesOf.set(mutant.fileName, lines)
    return describe(mutant, lines)
  })
  const isOutside = ({ status, statusReason }: MutantResult) =>
    status === 'CompileError' && statusReason === 'not in the sample'
  return { tried, all: tried.length + results.filter(isOutside).length }
}
