/**
 * Removes one protection after another from a copy of the project and expects its test to fail:
 * `npm run test:protections [-- words of a name]`. Ends with status 1 if a removal goes unnoticed.
 * A test tries what `npm test` tries, and all that it can where that is not enough.
 * @module
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROTECTIONS, type Protection } from './protection-list.ts'

const root = join(import.meta.dirname, '..')
const COPIED = ['src', 'tests', 'examples', 'package.json', 'tsconfig.json', 'vitest.config.ts']

function copyProject(): string {
  const place = mkdtempSync(join(tmpdir(), 'support-etl-protections-'))
  const filter = (path: string): boolean => !/\/(\.venv[^/]*|node_modules)$/.test(path)
  for (const name of COPIED) cpSync(join(root, name), join(place, name), { recursive: true, filter })
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
  return place
}

interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly text: string
}

/** How much a test tries: what `npm test` tries, or all that it can. */
type Counts = 'reduced' | 'full'

/** Runs the tests of one file whose names contain the words. */
function runTests(place: string, { file, name }: Protection['test'], counts: Counts): Outcome {
  const told = join(place, 'told.json')
  rmSync(told, { force: true })
  const words = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const args = [
    'run',
    `tests/${file}`,
    '-t',
    words,
    '--typecheck.enabled=false',
    '--reporter=json',
    `--outputFile=${told}`,
  ]
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: place,
    encoding: 'utf8',
    timeout: 900_000,
    env: { ...process.env, SUPPORT_ETL_FAULTS: counts, NODE_OPTIONS: undefined },
  })
  const text = `${stdout}${stderr}`
  try {
    const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(told, 'utf8'))
    return { passed, failed, text }
  } catch {
    // a file that does not load reports no tests
    return { passed: 0, failed: 0, text }
  }
}

/** Removes the protection. Returns what is wrong with the list, or null. */
function remove(place: string, { edits }: Protection): string | null {
  for (const { file, from, to } of edits) {
    const path = join(place, 'src', file)
    const text = readFileSync(path, 'utf8')
    const count = text.split(from).length - 1
    if (count !== 1) return `${file} has its text ${count} times`
    writeFileSync(
      path,
      text.replace(from, () => to),
    )
  }
  return null
}

function restore(place: string, { edits }: Protection): void {
  for (const { file } of edits) cpSync(join(root, 'src', file), join(place, 'src', file))
}

const known = new Map<string, Outcome>()

/** Runs a test with nothing removed, once for all protections that name it. */
function runIntact(place: string, test: Protection['test'], counts: Counts): Outcome {
  const key = `${test.file} ${test.name} ${counts}`
  const outcome = known.get(key) ?? runTests(place, test, counts)
  known.set(key, outcome)
  return outcome
}

/** The result for a protection; `missed` is the desired one. */
function examine(place: string, protection: Protection, counts: Counts): string {
  const intact = runIntact(place, protection.test, counts)
  if (intact.failed > 0) return 'red with it'
  if (intact.passed === 0) return 'no such test'
  const problem = remove(place, protection)
  if (problem !== null) return problem
  const { passed, failed } = runTests(place, protection.test, counts)
  restore(place, protection)
  if (failed > 0) return 'missed'
  return passed > 0 ? 'NOT MISSED' : 'the file does not load without it'
}

const words = process.argv.slice(2).join(' ')
const chosen = PROTECTIONS.filter(({ name }) => name.includes(words))
const place = copyProject()
const width = Math.max(...chosen.map(({ name }) => name.length))
let missed = 0
try {
  for (const protection of chosen) {
    // a test in which cases take turns may have left out the one that counts
    let outcome = examine(place, protection, 'reduced')
    if (outcome !== 'missed') outcome = examine(place, protection, 'full')
    if (outcome === 'missed') missed += 1
    process.stdout.write(`${protection.name.padEnd(width)}  ${outcome.padEnd(10)}  ${protection.test.file}\n`)
  }
} finally {
  rmSync(place, { recursive: true, force: true })
}
process.stdout.write(`\n${missed} of ${chosen.length} protections are missed by their test when they are taken away\n`)
process.exitCode = missed === chosen.length ? 0 : 1
