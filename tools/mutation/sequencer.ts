/**
 * Runs quick tests first: they catch most mutants before a law has tried its thousand cases.
 * @module
 */
import { matchesGlob, relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { testsToRun } from './rooms.ts'

/** Orders test files as their room lists them; files of one pattern by name, with laws last. */
export class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const patterns = testsToRun()
    const keyOf = ({ moduleId }: TestSpecification) => {
      const path = relative(process.cwd(), moduleId)
      const place = patterns.findIndex((pattern) => matchesGlob(path, pattern))
      return `${String(place).padStart(3, '0')} ${Number(path.endsWith('.prop.test.ts'))} ${path}`
    }
    return files.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
  }
}
