/** Each command at a folder whose state DuckDB keeps: it reads the engine, or says by name that it does not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { committedPlace } from '../../src/dashboard/committed-place.ts'
import { placesBelow } from '../../src/dashboard/place-folders.ts'
import { placesData } from '../../src/dashboard/places.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { ServedPlaces } from '../../src/server/served-places.ts'
import { supportJob } from '../../src/systems/support/index.ts'
import { commandLine } from '../systems/calls/places.ts'
import { SAMPLE } from './command-line.ts'

const root = mkdtempSync(join(tmpdir(), 'support-etl-engine-folders-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const out = join(root, 'monthly')
const effects = nodeEffects()
const folders = placesBelow(root, folderStore(root), folderStore)
const other = { name: 'calls' }

beforeAll(async () => {
  await commandLine('run', '--data', SAMPLE, '--out', out, '--engine', 'duckdb')
}, 120_000)

describe('a folder whose state an engine keeps', () => {
  it.each([
    ['status', [], /version 1, committed/],
    ['verify', [], /everything is as the log says/],
    ['report', [], /2025-02 +/],
    ['answers', [], /1\. Interactions per contact center/],
    ['explain', ['--month', '2025-02', '--contact-center', 'Portland ME', '--department', 'Network'], /2025-02/],
    ['history', ['--table', 'agents'], /agent_id/],
    ['quarantine', [], /no row waits/],
    ['gc', [], /nothing to remove/],
    ['what-if', ['--month-from', 'timestamp'], /with monthFrom timestamp/],
  ] as const)('is read by %s', async (command, flags, expected) => {
    const { status, stdout } = await commandLine(command, ...flags, '--out', out)
    expect(stdout).toMatch(expected)
    expect(status).toBe(0)
  })

  it('is named by the dashboard, and has no page', async () => {
    const data = placesData(folders, async () => [supportJob as never], effects)
    expect(await data.readPlaces()).toEqual([{ id: 'monthly', problem: 'engine_changed' }])
    await expect(committedPlace(supportJob, folders, effects)).rejects.toMatchObject({
      code: 'engine_changed',
      message: expect.stringContaining(
        'is kept by duckdb (.support-etl/state.duckdb), and only its files are read here',
      ),
    })
    expect(await committedPlace(other, folders, effects)).toBe(null)
  })

  it('is named by a server where the state is asked for, and is served when files keep it', async () => {
    const places = new ServedPlaces(async () => (await folders()).map((place) => place.out), effects)
    await places.look()
    await expect(places.state(supportJob)).rejects.toMatchObject({ code: 'engine_changed' })
    // what the advice says
    const again = ['--engine', 'files', '--rebuild', '--data', SAMPLE, '--out', out]
    expect((await commandLine('run', ...again)).status).toBe(0)
    await places.look()
    expect((await places.state(supportJob)).commit).toBe(1)
  })

  it('is no matter of a place that is no folder', async () => {
    const places = new ServedPlaces(async () => [memoryStore()], effects)
    await places.look()
    await expect(places.state(supportJob)).rejects.toMatchObject({ code: 'not_found' })
  })
})
