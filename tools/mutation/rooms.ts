/**
 * What is mutated, room by room, and the tests that must notice.
 * @module
 */

/** Source files and the test files that are run against their mutants, the quickest first. */
export interface Room {
  readonly name: string
  readonly mutate: readonly string[]
  readonly tests: readonly string[]
}

/**
 * Tests see a mutant in their own process and in those that they start by `tests/cli/command-line.ts`; tests that read `dist`
 * or need a tool are left out. So are laws over millions of rows, which take minutes where every step is watched, and tests on
 * data that lies beside the project.
 */
export const ROOMS: readonly Room[] = [
  {
    name: 'time',
    mutate: ['src/time/**/*.ts'],
    tests: [
      'tests/time/local.test.ts',
      'tests/time/zone.test.ts',
      'tests/time/instant.test.ts',
      'tests/time/read-stamp.prop.test.ts',
      'tests/time/steps.test.ts',
      'tests/time/zone-names.test.ts',
      'tests/transform/convert-timezone.test.ts',
      'tests/transform/local-month.test.ts',
    ],
  },
  {
    name: 'transform',
    mutate: ['src/transform/*.ts'],
    tests: ['tests/transform/*.test.ts', 'tests/systems/calls/clean/clean-calls.test.ts'],
  },
  {
    name: 'systems/calls/clean',
    mutate: ['src/systems/calls/clean/*.ts'],
    tests: ['tests/systems/calls/clean/*.test.ts', 'tests/systems/calls/sample/call-log.test.ts'],
  },
  {
    name: 'transform/delta',
    mutate: ['src/transform/delta/**/*.ts'],
    tests: ['tests/transform/delta/*.test.ts', 'tests/transform/decision-table.test.ts', 'tests/transform/*.test.ts'],
  },
  {
    name: 'systems/support',
    mutate: ['src/aggregate/*.ts', 'src/systems/support/figures/*.ts'],
    tests: ['tests/aggregate/*.test.ts', 'tests/systems/support/figures/*.test.ts'],
  },
  {
    name: 'systems/calls/figures',
    mutate: ['src/systems/calls/figures/*.ts'],
    tests: ['tests/systems/calls/figures/*.test.ts'],
  },
  {
    name: 'pipeline/plan',
    mutate: ['src/pipeline/plan*.ts'],
    tests: ['tests/pipeline/plan.test.ts', 'tests/pipeline/month.test.ts'],
  },
  {
    name: 'connect',
    mutate: ['src/connect/**/*.ts'],
    tests: ['tests/connect/**/*.test.ts', 'tests/hardening/{gzip,names,places,secrets}.test.ts'],
  },
  {
    // apart, for its tests measure time: a busy machine fails them
    name: 'isolate',
    mutate: ['src/isolate/*.ts'],
    tests: ['tests/hardening/isolation.test.ts'],
  },
  {
    name: 'systems/jobs',
    mutate: ['src/systems/support/{job,oddities}.ts', 'src/systems/calls/job/*.ts'],
    tests: ['tests/systems/support/*.test.ts', 'tests/systems/calls/job/*.test.ts'],
  },
  {
    name: 'dashboard',
    mutate: ['src/dashboard/*.ts'],
    tests: ['tests/dashboard/*.test.ts'],
  },
  {
    name: 'cli',
    mutate: ['src/cli/*.ts', 'src/terminal/*.ts', 'src/systems/*/commands/*.ts'],
    tests: [
      'tests/cli/*.test.ts',
      'tests/terminal/*.test.ts',
      'tests/systems/calls/commands/calls-cli.test.ts',
      'tests/hardening/terminal.test.ts',
    ],
  },
]

// By the environment, which Stryker's workers inherit. Not by Stryker's own list of test files: with it, mutants of what runs
// on import are never switched on.
const TESTS = 'MUTATION_TESTS'

/** Makes the room's tests those that workers started from now on run. */
export function chooseTests({ tests }: Room): void {
  process.env[TESTS] = JSON.stringify(tests)
}

/** Returns the patterns of the tests that were chosen, the quickest first. */
export function testsToRun(): readonly string[] {
  return JSON.parse(process.env[TESTS] ?? '[]') as string[]
}
