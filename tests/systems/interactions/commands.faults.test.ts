/** The commands with an embedded database in a folder, as a user runs them one after the other. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyFolder, MAIN, NODE_OPTIONS, supportEtl } from '../../cli/command-line.ts'
import { SMALL } from './real-files.ts'

const SAMPLE = join(import.meta.dirname, '../../../examples/data/interactions')

/** Runs a command beside this process, which answers it. */
async function beside(cwd: string, args: readonly string[]): Promise<{ status: number | null; stdout: string }> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, 'interactions', ...args], { cwd, stdio: 'pipe' })
  let stdout = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout }
}

describe('support-etl interactions with an embedded database', () => {
  it('imports ten times and changes nothing, shows a corrected file, and tells a webhook each anomaly once', {
    timeout: 300_000,
  }, async () => {
    const cwd = emptyFolder()
    cpSync(SAMPLE, join(cwd, 'data'), { recursive: true })
    const run = (...args: string[]) => supportEtl(['interactions', ...args], { cwd })
    expect(run('import').stdout).toContain('pglite is at version 1: 654 rows changed')
    const before = run('show', '4', '--json').stdout
    for (let time = 0; time < 9; time++) expect(run('import').stdout).toContain('nothing to do')
    expect(run('show', '4', '--json').stdout).toBe(before)

    const received: { anomalies: { kind: string }[] }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        received.push(JSON.parse(body))
        response.writeHead(204).end()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    const first = await beside(cwd, ['anomalies', '--webhook', webhook, '--json'])
    const { sent, found } = JSON.parse(first.stdout)
    expect([first.status, sent]).toEqual([0, found])
    expect(received.flatMap(({ anomalies }) => anomalies)).toHaveLength(found)
    expect(JSON.parse((await beside(cwd, ['anomalies', '--webhook', webhook, '--json'])).stdout).sent).toBe(0)

    const file = join(cwd, 'data', 'interactions.csv')
    const added = `${readFileSync(file, 'utf8')}01/12/2024 09:00,Pigeon,4,,\r\n`
    writeFileSync(file, added)
    run('import')
    expect(JSON.parse(run('show', '4', '--json').stdout).data.interactions.Pigeon).toBe(1)
    const third = JSON.parse((await beside(cwd, ['anomalies', '--webhook', webhook, '--json'])).stdout)
    expect(third.sent).toBeGreaterThan(0)
    expect(received.at(-1)?.anomalies.map(({ kind }) => kind)).toContain('new_channel')
  })

  it('serves a corrected file within 5 seconds, with show beside it', { timeout: 300_000 }, async () => {
    const cwd = emptyFolder()
    mkdirSync(join(cwd, 'data'))
    const write = (interactions: string) => {
      for (const [name, text] of Object.entries({ ...SMALL, 'interactions.csv': interactions })) {
        writeFileSync(join(cwd, 'data', name), text)
      }
    }
    write(SMALL['interactions.csv'])
    expect(supportEtl(['interactions', 'import'], { cwd }).status).toBe(0)
    const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, 'serve', '--port', '0', '--json'], {
      cwd,
      stdio: 'pipe',
    })
    onTestFinished(async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'close')
    })
    let said = ''
    while (!said.includes('}')) said += String((await once(child.stdout, 'data'))[0])
    const { address } = JSON.parse(said)
    const counts = async () =>
      (
        (await (await fetch(`${address}/api/v1/interactions/1`, { headers: { connection: 'close' } })).json()) as {
          data: { interactions: object }
        }
      ).data.interactions
    expect(await counts()).toEqual({ Call: 2, Email: 1, Visit: 0 })
    write(SMALL['interactions.csv'].replace('09:30,Email', '09:30,Fax'))
    expect(supportEtl(['interactions', 'import'], { cwd }).stdout).toContain('another process owns it')
    const begin = performance.now()
    while (!('Fax' in (await counts()))) {
      expect(performance.now() - begin).toBeLessThan(5000)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(await counts()).toEqual({ Call: 2, Fax: 1, Visit: 0 })
    const shown = JSON.parse(supportEtl(['interactions', 'show', '1', '--json'], { cwd }).stdout)
    expect(shown.data.interactions).toEqual(await counts())
  })
})
