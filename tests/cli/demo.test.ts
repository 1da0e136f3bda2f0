import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasScreen } from '../../src/cli/serve/browser.ts'
import { COMPILED, emptyFolder, MAIN, NODE_OPTIONS, SAMPLE, supportEtl } from './command-line.ts'

const root = join(import.meta.dirname, '..', '..')
const isBuilt = existsSync(join(root, 'dist', 'dashboard', 'index.html'))

/** Starts a demo in an empty folder, with a folder of its own for what is temporary. */
function startDemo(args: readonly string[]) {
  const cwd = emptyFolder()
  const temporary = join(cwd, 'tmp')
  mkdirSync(temporary)
  const env = { ...process.env, ...COMPILED, TMPDIR: temporary, NO_COLOR: '1', FORCE_COLOR: undefined }
  const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, 'demo', ...args], { cwd, env })
  let shown = ''
  const waiting: (() => void)[] = []
  child.stdout.on('data', (chunk) => {
    shown += chunk
    for (const look of waiting) look()
  })
  let told = ''
  child.stderr.on('data', (chunk) => {
    told += chunk
  })
  const ended = once(child, 'exit')
  return {
    cwd,
    temporary,
    /** Resolves with what is printed, once it fits. */
    async until(pattern: RegExp): Promise<string> {
      const fits = new Promise<void>((resolve) => {
        const look = () => pattern.test(shown) && resolve()
        waiting.push(look)
        look()
      })
      await Promise.race([
        fits,
        ended.then(([status]) => {
          if (!pattern.test(shown)) throw new Error(`the demo ended with ${status}:\n${shown}${told}`)
        }),
      ])
      return shown
    },
    async interrupt(): Promise<unknown> {
      child.kill('SIGINT')
      return (await ended)[0]
    },
  }
}

describe.skipIf(!isBuilt)('support-etl demo (npm run build makes its pages)', () => {
  it('runs the samples, answers the three questions, serves the pages, and leaves nothing behind', async () => {
    const demo = startDemo([])
    const shown = await demo.until(/\nThe pages, until Ctrl\+C: .*\n/)
    expect(shown).toMatch(/\n\$ support-etl run --data \S+ --out \S+\ncommitted version 1 to /)
    expect(shown).toContain('\n1. Interactions per contact center in 2025-Q1')
    expect(shown).toContain('\n3. The longest average call in 2025-Q1 (2025-01 to 2025-03): Portland ME, 13.22 minutes')
    expect(shown).toMatch(/cleaned_calls\.parquet is written: 1,192 calls\n/)
    const address = /until Ctrl\+C: (\S+)/.exec(shown)?.[1] ?? ''
    expect(await (await fetch(address)).text()).toContain('<title>Support analytics</title>')
    // the pages have the data of both samples
    const places = await (await fetch(new URL('data/places.json', address))).text()
    for (const table of ['support_report', 'interactions', 'calls']) expect(places).toContain(`"${table}"`)
    expect(readdirSync(demo.temporary)).toHaveLength(1)
    expect(await demo.interrupt()).toBe(0)
    expect(readdirSync(demo.temporary)).toEqual([])
    expect(readdirSync(demo.cwd)).toEqual(['tmp'])
  })

  it('keeps the folder that --out names, and finds nothing to do in it again', async () => {
    const first = startDemo(['--out', 'kept', '--json'])
    const { folder, is_temporary, steps, address } = JSON.parse(await first.until(/\n\}\n$/))
    expect({ folder, is_temporary }).toEqual({ folder: 'kept', is_temporary: false })
    expect(steps[0].result).toMatchObject({ status: 'committed', commit: 1 })
    expect(steps[1].result.longestAverageCall).toMatchObject({ contact_center_name: 'Portland ME' })
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(await first.interrupt()).toBe(0)
    const copy = readFileSync(join(first.cwd, 'kept', 'output', 'support_report.csv'), 'utf8')
    expect(copy).toBe(readFileSync(join(SAMPLE, 'expected', 'support_report.csv'), 'utf8'))
    const again = supportEtl(['run', '--data', 'kept/data/support', '--out', 'kept/output'], { cwd: first.cwd })
    expect(again.stdout).toMatch(/^nothing to do: /)
  })

  it('removes its temporary folder when it is interrupted before the pages are there', async () => {
    const demo = startDemo([])
    await demo.until(/\n\$ support-etl run/)
    expect(await demo.interrupt()).toBe(130)
    expect(readdirSync(demo.temporary)).toEqual([])
  })

  it('refuses a folder whose copy of the sample was changed, and changes nothing', () => {
    const cwd = emptyFolder()
    mkdirSync(join(cwd, 'kept', 'data', 'support', 'initial'), { recursive: true })
    writeFileSync(join(cwd, 'kept', 'data', 'support', 'initial', 'agents.csv'), 'mine\n')
    const { status, stdout, stderr } = supportEtl(['demo', '--out', 'kept'], { cwd })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('initial/agents.csv with other content; nothing was copied')
    expect(readdirSync(join(cwd, 'kept', 'data', 'support'))).toEqual(['initial'])
  })
})

describe('hasScreen', () => {
  it.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: '' }, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['darwin', {}, true],
    ['win32', {}, true],
  ] as const)('on %s with %o is %s', (platform, environment, expected) => {
    expect(hasScreen(platform, environment)).toBe(expected)
  })
})
