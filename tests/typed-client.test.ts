/** The generated client of the example is the one that the OpenAPI document of today gives. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const example = join(import.meta.dirname, '..', 'examples', '08-typed-client')

function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

it('the client of the example is generated from the API as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-client-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const args = ['--conditions=support-etl-source', join(example, 'generate.ts'), folder]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  const committed = filesIn(join(example, 'client'))
  expect(Object.keys(committed).length).toBeGreaterThan(5)
  expect(filesIn(folder)).toEqual(committed)
}, 120_000)
