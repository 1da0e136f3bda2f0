/** Prints what the tests of faults counted in one block when all have run, and keeps it for CI as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'
import { blockOf, KINDS, otherSkips, sectionsOf, type Told } from './figures.ts'

function namesOf(test: TestCase): readonly string[] {
  const names = [test.name]
  for (let { parent } = test; parent.type === 'suite'; { parent } = parent) names.unshift(parent.name)
  return names
}

export class FiguresReporter implements Reporter {
  #root = ''
  #isWhole = true
  #counts: 'full' | 'reduced' = 'reduced'

  onInit({ config }: Vitest): void {
    this.#root = config.root
    this.#counts = { ...process.env, ...config.env }.SUPPORT_ETL_FAULTS === 'full' ? 'full' : 'reduced'
    // a test that was not chosen is not one that could not run
    this.#isWhole = config.testNamePattern === undefined
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const told = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test): Told => {
        const file = relative(join(this.#root, 'tests'), test.module.moduleId).replaceAll('\\', '/')
        return { file, names: namesOf(test), state: test.result().state, figures: test.meta().figures ?? {} }
      })
      .filter(({ state }) => this.#isWhole || state !== 'skipped')
      .sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)))
    const sections = sectionsOf(told)
    const skips = otherSkips(told)
    if (skips.length > 0) process.stdout.write(`\n Skipped\n${skips.map((name) => `    skipped: ${name}\n`).join('')}`)
    const telling = sections.filter(({ figures, skipped }) => Object.keys(figures).length + skipped.length > 0)
    if (telling.length === 0) return
    const counts = this.#counts
    process.stdout.write(`\n Figures, ${counts} counts\n${blockOf(telling)}\n\n`)
    // some files alone are no record of what holds
    if (!this.#isWhole || sections.length < KINDS.length) return
    const { version, platform } = process
    const record = { counts, node: version, platform, on: new Date().toISOString().slice(0, 10), sections }
    const folder = join(this.#root, 'test-results')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `reliability-${counts}.json`), `${JSON.stringify(record, null, 1)}\n`)
  }
}
