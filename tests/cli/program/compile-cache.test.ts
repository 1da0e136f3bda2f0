import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const places = mkdtempSync(join(tmpdir(), 'support-etl-compiled-'))
afterAll(() => rmSync(places, { recursive: true }))

/** Has a process keep what it compiles in a folder; returns what Node says of it. */
function keptIn(folder: string, env: Record<string, string> = {}): string {
  const script = `
    import { getCompileCacheDir } from 'node:module'
    const { keepCompiled } = await import(${JSON.stringify(join(root, 'src', 'cli', 'program', 'compile-cache.ts'))})
    keepCompiled(${JSON.stringify(folder)})
    await import(${JSON.stringify(join(root, 'src', 'errors.ts'))})
    console.log(getCompileCacheDir() === undefined ? 'nothing' : 'kept')`
  const { NODE_COMPILE_CACHE: _, NODE_V8_COVERAGE: __, ...inherited } = process.env
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...inherited, ...env },
    encoding: 'utf8',
  })
  return stdout.trim() + stderr
}

describe('compiled code', () => {
  it('is kept in a folder that is made for its owner alone', () => {
    const folder = join(places, 'new', 'folder')
    expect(keptIn(folder)).toBe('kept')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder, { recursive: true }).length).toBeGreaterThan(1)
    expect(keptIn(folder)).toBe('kept')
  })

  it.each([0o777, 0o770, 0o720, 0o702])('is not kept, and not run, in a folder or below one of mode %o', (mode) => {
    const folder = join(places, `open-${mode}`)
    mkdirSync(folder)
    chmodSync(folder, mode)
    expect([keptIn(folder), readdirSync(folder)]).toEqual(['nothing', []])
    const below = join(folder, 'below')
    mkdirSync(below, { mode: 0o700 })
    expect([keptIn(below), readdirSync(below)]).toEqual(['nothing', []])
  })

  it('is kept where others may only read', () => {
    const folder = join(places, 'read')
    mkdirSync(folder)
    chmodSync(folder, 0o755)
    expect(keptIn(folder)).toBe('kept')
  })

  it.runIf(process.getuid?.() === 0)('is not kept in the folder of another user (only root can make one)', () => {
    const folder = join(places, 'theirs')
    mkdirSync(folder, { mode: 0o700 })
    chownSync(folder, 12_345, 12_345)
    expect([keptIn(folder), readdirSync(folder)]).toEqual(['nothing', []])
  })

  it('is not kept where the user says so, or where there is no place for it', () => {
    const folder = join(places, 'unwanted')
    expect(keptIn(folder, { NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('nothing')
    expect(existsSync(folder)).toBe(false)
    writeFileSync(join(places, 'file'), '')
    expect(keptIn(join(places, 'file', 'below'))).toBe('nothing')
  })

  it('is left to Node where the user names a folder to it', () => {
    const folder = join(places, 'other')
    expect(keptIn(folder, { NODE_COMPILE_CACHE: join(places, 'named') })).toBe('kept')
    expect(existsSync(folder)).toBe(false)
  })
})
