import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder, MAIN, NODE_OPTIONS, supportEtlHere as supportEtl } from '../cli/command-line.ts'

const root = join(import.meta.dirname, '..', '..')
const isBuilt = existsSync(join(root, 'dist', 'dashboard', 'index.html'))

describe.skipIf(!isBuilt)('support-etl dashboard (npm run build makes its pages)', () => {
  it('serves until it is interrupted', async () => {
    const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, 'dashboard', '--port', '0', '--json'], {
      cwd: emptyFolder(),
    })
    const address = await new Promise<string>((resolve) => {
      let text = ''
      child.stdout.on('data', (chunk) => {
        text += chunk
        if (text.endsWith('}\n')) resolve(JSON.parse(text).address)
      })
    })
    const answer = await fetch(address)
    expect(await answer.text()).toContain('<title>Support analytics</title>')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    const ended = new Promise((resolve) => child.on('exit', resolve))
    child.kill('SIGINT')
    expect(await ended).toBe(0)
  })

  it('writes a site whose page names only its own files', async () => {
    const cwd = emptyFolder()
    await supportEtl(['calls', 'generate', '--calls', '200', '--days', '7'], { cwd })
    await supportEtl(['calls', 'clean'], { cwd })
    const { status, stdout } = await supportEtl(['dashboard', '--export', 'site', '--json'], { cwd })
    expect(status).toBe(0)
    const { files } = JSON.parse(stdout)
    expect(files).toContain('data/calls.parquet')
    const page = readFileSync(join(cwd, 'site', 'index.html'), 'utf8')
    for (const [, path = ''] of page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) expect(files).toContain(path)
    expect(page).not.toMatch(/(src|href)="(https?:|\/)/)
    expect(page).toContain('Content-Security-Policy')
  })

  it('refuses a port that is none', async () => {
    const { status, stderr } = await supportEtl(['dashboard', '--port', '70000'])
    expect(status).toBe(2)
    expect(stderr).toContain('a port, at most 65535')
  })
})
