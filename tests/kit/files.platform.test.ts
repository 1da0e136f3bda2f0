/** The files of all kits, held against what their tools say of them: Containerfiles, compose files, workflows. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkJsonschema, hadolint } from '../python-tools.ts'

const kits = join(import.meta.dirname, '..', '..', 'kit')
const files = readdirSync(kits, { recursive: true, encoding: 'utf8' }).filter((name) => !name.includes('node_modules'))
const named = (pattern: RegExp) => files.filter((name) => pattern.test(name.replaceAll('\\', '/'))).sort()

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

  it.each(named(/(^|\/)workflows\/[^/]+\.yml$/))('reads %s as a workflow', (name) => {
    const { status, text } = by('github-workflows', name)
    expect(status, text).toBe(0)
  })

  it('does refuse', () => {
    expect(by('compose-spec', named(/\.yml$/)[0] as string).status).toBe(1)
  })
})
