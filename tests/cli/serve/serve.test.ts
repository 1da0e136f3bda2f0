import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  emptyFolder,
  MAIN,
  NODE_OPTIONS,
  SAMPLE,
  supportEtlHere as supportEtl,
  supportEtl as supportEtlProcess,
} from '../command-line.ts'

interface Serving {
  readonly address: string
  readonly child: ChildProcess
  readonly said: () => string
}

/** Starts `serve` in a folder, and resolves when it listens. */
async function serve(cwd: string, args: readonly string[] = []): Promise<Serving> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, 'serve', '--port', '0', '--json', ...args], { cwd })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  const address = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.endsWith('}\n')) resolve(JSON.parse(text).address)
    })
    child.once('exit', () => reject(new Error(`it ended: ${said}`)))
  })
  return { address, child, said: () => said }
}

describe('support-etl serve', () => {
  it('answers with the figures of the commands, asks for the key that was made, and ends when it is told to', async () => {
    const cwd = emptyFolder()
    expect((await supportEtl(['run', '--data', SAMPLE], { cwd })).status).toBe(0)
    const { address, child, said } = await serve(cwd)
    const get = (path: string, headers: Record<string, string> = {}) => fetch(`${address}${path}`, { headers })
    const json = async (path: string): Promise<ReturnType<typeof JSON.parse>> => (await get(path)).json()
    const report = JSON.parse((await supportEtl(['report', '--json'], { cwd })).stdout)
    const all = await json('/api/v1/report/support?per_page=200')
    expect(all.data).toEqual(report.rows)
    expect(all.meta).toMatchObject({ commit: report.commit, time_zone: report.timeZone, month_from: report.monthFrom })
    const filter = 'month=2025-02&center=Portland%20ME&center=Tampa%20FL&department=Accounts'
    const some = await json(`/api/v1/report/support?${filter}`)
    const wanted = report.rows.filter(
      (row: Record<string, unknown>) =>
        row.month === '2025-02' &&
        ['Portland ME', 'Tampa FL'].includes(String(row.contact_center_name)) &&
        row.department === 'Accounts',
    )
    expect(wanted.length).toBeGreaterThan(0)
    expect(some.data).toEqual(wanted)

    const made = await supportEtl(['keys', 'create', 'tests', '--json'], { cwd })
    const { key, id } = JSON.parse(made.stdout)
    expect(readFileSync(join(cwd, 'output', 'keys.json'), 'utf8')).not.toContain(key)
    await expect.poll(async () => (await get('/api/v1/report/support')).status, { timeout: 5000 }).toBe(401)
    expect((await get('/api/v1/report/support', { authorization: `Bearer ${key}` })).status).toBe(200)
    expect(JSON.parse((await supportEtl(['keys', 'list', '--json'], { cwd })).stdout)).toMatchObject([
      { id, name: 'tests', scopes: ['read'], state: 'live' },
    ])
    expect((await supportEtl(['keys', 'revoke', id], { cwd })).stdout).toBe(`key ${id} of tests is revoked\n`)
    const revoked = async () => (await get('/api/v1/report/support', { authorization: `Bearer ${key}` })).status
    await expect.poll(revoked, { timeout: 5000 }).toBe(401)

    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    const lines = said()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toMatchObject({ level: 'info', msg: 'listening', address })
    expect(lines.at(-1)).toMatchObject({ msg: 'ending', signal: 'SIGTERM' })
    expect(lines.filter(({ msg }) => msg === 'request').length).toBeGreaterThan(4)
    expect(said()).not.toContain(key)
  }, 60_000)

  it('serves a commit that is made while it runs', async () => {
    const cwd = emptyFolder()
    const { address } = await serve(cwd, ['--log-level', 'silent'])
    const status = async () => (await fetch(`${address}/api/v1/report/support`)).status
    expect(await status()).toBe(404)
    expect((await supportEtl(['run', '--data', SAMPLE], { cwd })).status).toBe(0)
    await expect.poll(status, { timeout: 5000 }).toBe(200)
  }, 60_000)

  it.each<[string, readonly string[], RegExp]>([
    [
      'other machines without a key',
      ['--host', '0.0.0.0'],
      /no key that counts; create a key first, or give --host 127\.0\.0\.1/,
    ],
    ['a port that is none', ['--port', '70000'], /a port, at most 65535/],
    ['a part of what tokens need', ['--jwt-issuer', 'x'], /belong together; give all three/],
    ['a limit of nothing', ['--rate-limit', '0'], /at least 1/],
    [
      'a database of another kind',
      ['--database', 'mysql://root:secret@localhost/x'],
      /--database is no address of a database/,
    ],
  ])('refuses %s', (_, args, message) => {
    const { status, stderr } = supportEtlProcess(['serve', '--port', '0', ...args], { cwd: emptyFolder() })
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)])
    expect(stderr).not.toContain('secret@')
  })

  it('says that its port is taken', async () => {
    const cwd = emptyFolder()
    const { address } = await serve(cwd)
    const port = new URL(address).port
    const { status, stderr } = supportEtlProcess(['serve', '--port', port], { cwd })
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/is taken; stop the program that listens there, or give --port to choose/),
    ])
  }, 30_000)
})

describe('support-etl keys', () => {
  it.each<[readonly string[], RegExp]>([
    [['create'], /name whoever gets the key: keys create NAME/],
    [['create', 'a\tb'], /the name/],
    [['create', 'a', '--days', '0'], /days from 1 to 3650, or never/],
    [['create', 'a', '--scope', 'write'], /Allowed choices are read, import/],
    [['revoke'], /keys list shows the ids/],
    [['revoke', 'nix'], /there is no key "nix"; the keys are \(none\)/],
  ])('refuses %j', async (args, message) => {
    const cwd = emptyFolder()
    const { status, stderr } = await supportEtl(['keys', ...args], { cwd })
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)])
    expect(existsSync(join(cwd, 'output', 'keys.json'))).toBe(false)
  })

  it('are shown as a table, and a damaged file is said', async () => {
    const cwd = emptyFolder()
    expect((await supportEtl(['keys', 'list'], { cwd })).stdout).toMatch(/has no keys/)
    const made = await supportEtl(['keys', 'create', 'nightly', '--scope', 'import', 'read', '--days', 'never'], {
      cwd,
    })
    expect(made.stdout).toMatch(/^sek_[0-9a-f]{12}_[\w-]{43}\n$/)
    expect(made.stderr).toMatch(/allows read, import and does not expire; it is shown only now/)
    expect((await supportEtl(['keys', 'list'], { cwd })).stdout).toMatch(/nightly +read, import +live +\S+ +never/)
    writeFileSync(join(cwd, 'output', 'keys.json'), '{}')
    const { status, stderr } = await supportEtl(['keys', 'list'], { cwd })
    expect([status, stderr]).toEqual([1, expect.stringMatching(/keys\.json is not a file of keys; restore it/)])
  }, 30_000)
})
