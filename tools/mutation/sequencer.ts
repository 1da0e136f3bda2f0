/**
 * Quick tests first: most mutants are caught before a law has tried its thousand cases.
 * @module
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const SLOW = [
  /\.prop\.test\.ts$/,
  /zone-conformance\.test\.ts$/,
  /planted-anomalies\.test\.ts$/,
  /support-challenge\.test\.ts$/,
]

/** Orders test files by whether they are slow, then by name. */
export class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const keyOf = ({ moduleId }: TestSpecification) => `${Number(SLOW.some((slow) => slow.test(moduleId)))} ${moduleId}`
    return files.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
  }
}
