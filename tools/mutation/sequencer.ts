/**
 * Quick tests first: most mutants are caught before a law has tried its thousand cases.
 * @module
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Orders test files by whether they hold laws, then by name. */
export class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const keyOf = ({ moduleId }: TestSpecification) => `${Number(moduleId.endsWith('.prop.test.ts'))} ${moduleId}`
    return files.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
  }
}
