/** The files of all kits, and this project's workflows, held against what their tools say of them. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { actionlint, checkJsonschema, hadolint, zizmor } from '../python-tools.ts'

const kits = join(import.meta.dirname, '..', '..', 'kit')
const files = readdirSync(kits, { recursive: true, encoding: 'utf8' }).filter((name) => !name.includes('node_modules'))
const named = (pattern: RegExp) => files.filter((name) => pattern.test(name.replaceAll('\\', '/'))).sort()
const own = join('..', '.github', 'workflows')
const workflows = [
  ...named(/(^|\/)workflows\/[^/]+\.yml$/),
  ...readdirSync(join(kits, own)).map((name) => join(own, name)),
]

function check(program: string, ...args: string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: kits, encoding: 'utf8' })
  return { status, text: `${stdout}${stderr}` }
}

describe.skipIf(!existsSync(hadolint))('hadolint (uv pip install -r tests/requirements.txt)', () => {
  it.each(named(/(^|\/)Containerfile$/))('has nothing to warn of in %s', (name) => {
    expect(check(hadolint, '--no-color', '--failure-threshold', 'warning', name)).toMatchObject({ status: 0 })
  })

  it('does warn', () => {
    const { status, stdout } = spawnSync(hadolint, ['-'], { input: 'FROM debian\nRUN cd /tmp\n', encoding: 'utf8' })
    expect([status, stdout.includes('DL3006')]).toEqual([1, true])
  })
})

describe.skipIf(!existsSync(checkJsonschema))('check-jsonschema (uv pip install -r tests/requirements.txt)', () => {
  const by = (schema: string, name: string) => check(checkJsonschema, '--builtin-schema', `vendor.${schema}`, name)

  it.each(named(/(^|\/)compose\.yaml$/))('reads %s as the Compose Specification has it', (name) => {
    const { status, text } = by('compose-spec', name)
    expect(status, text).toBe(0)
  })

  it.each(workflows)('reads %s as a workflow', (name) => {
    const { status, text } = by('github-workflows', name)
    expect(status, text).toBe(0)
  })

  it('does refuse', () => {
    expect(by('compose-spec', named(/\.yml$/)[0] as string).status).toBe(1)
  })
})

describe('workflows', () => {
  it.each(workflows)('%s names every action by its commit, and its version beside it', (name) => {
    const uses = readFileSync(join(kits, name), 'utf8').match(/uses: .*/g) ?? []
    expect(uses.length).toBeGreaterThan(1)
    expect(uses.filter((line) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  it.skipIf(!existsSync(zizmor))('are safe, as zizmor says (uv pip install -r tests/lint-requirements.txt)', () => {
    const { status, text } = check(zizmor, '--offline', '--no-progress', ...workflows)
    expect(status, text).toBe(0)
  })

  it.skipIf(!existsSync(actionlint))('are right, as actionlint says (go install, see .ci/run)', () => {
    const { status, text } = check(actionlint, '-no-color', ...workflows)
    expect(status, text).toBe(0)
    const input = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    needs: b\n    steps: [{ run: "true" }]\n'
    const wrong = spawnSync(actionlint, ['-no-color', '-'], { input, encoding: 'utf8' })
    expect([wrong.status, wrong.stdout.includes('needs job "b" which does not exist')], wrong.stdout).toEqual([1, true])
  })
})
