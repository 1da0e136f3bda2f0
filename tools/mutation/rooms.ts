/**
 * Lists what is mutated, room by room, with the tests that must notice.
 * @module
 */

/** Source files, and the test files that run against their mutants, the quickest first. */
export interface Room {
  readonly name: string
  readonly mutate: readonly string[]
  readonly tests: readonly string[]
}

/**
 * Tests see a mutant in their own process and in those that they start through
 * `tests/cli/command-line.ts`. Left out are tests that read `dist` or need a tool, laws over
 * millions of rows, which take minutes while Stryker counts each step, and tests on data beside
 * the project.
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
    mutate: ['src/pipeline/plan/*.ts'],
    tests: ['tests/pipeline/plan/plan.test.ts', 'tests/pipeline/job/month.test.ts'],
  },
  {
    name: 'connect',
    mutate: ['src/connect/**/*.ts'],
    tests: ['tests/connect/**/*.test.ts', 'tests/hardening/{gzip,names,places,secrets}.test.ts'],
  },
  {
    // separate, because its tests measure time: a busy machine fails them; without the child, which
    // is handed no environment, and so no mutant
    name: 'isolate',
    mutate: ['src/isolate/!(isolate-child).ts'],
    tests: ['tests/isolate/*.test.ts', 'tests/hardening/isolation.test.ts'],
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
    mutate: ['src/cli/**/*.ts', 'src/terminal/**/*.ts', 'src/systems/*/commands/*.ts'],
    tests: [
      'tests/cli/**/!(*.platform|*.faults).test.ts',
      'tests/terminal/**/*.test.ts',
      'tests/systems/*/commands/!(*.platform|*.faults).test.ts',
      'tests/systems/interactions/{commands,webhook}.test.ts',
      'tests/systems/support/plan.test.ts',
      'tests/dashboard/dashboard-cli.test.ts',
      'tests/hardening/terminal.test.ts',
    ],
  },
]

// An environment variable, which Stryker's workers inherit. Stryker's own list of test files would
// never switch on mutants in code that runs on import.
const TESTS = 'MUTATION_TESTS'

/** Selects the room's tests for workers that start from now on. */
export function chooseTests({ tests }: Room): void {
  process.env[TESTS] = JSON.stringify(tests)
}

/** Returns the patterns of the selected tests, the quickest first. */
export function testsToRun(): readonly string[] {
  return JSON.parse(process.env[TESTS] ?? '[]') as string[]
}
