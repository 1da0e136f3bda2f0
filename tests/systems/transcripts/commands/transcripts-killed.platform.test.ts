/** Runs into a Postgres server that are killed at any moment, and commits whose answer is lost: nothing is doubled or missing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../../src/connect/file-store.ts'
import { folderStore } from '../../../../src/connect/index.ts'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { destinationsOf } from '../../../../src/systems/transcripts/commands/database.ts'
import { sampleTranscripts } from '../../../../src/systems/transcripts/sample/transcripts.ts'
import { emptyFolder, MAIN, NODE_OPTIONS } from '../../../cli/command-line.ts'
import { moments } from '../../../moments.ts'
import { findPrograms, suiteServer } from '../../../postgres-server.ts'
import { callFile, placeOf, publishedIn, put, run } from '../calls.ts'
import { committed, delivered } from '../delivered-calls.ts'

const programs = findPrograms()
const sample = Array.from(sampleTranscripts({ calls: 200, seed: 1 }), ({ call }) => call)
const SALE = 'Agent: Shall I add the extended warranty for $29.99? Customer: Yes please, add it.'

/** Makes one call new, one other, and one gone. */
async function change(data: FileStore, round: number): Promise<void> {
  await put(data, `bronze/NEW${round}.json`, callFile(`NEW${round}`, SALE))
  const other = sample[2 * round]?.call_id ?? ''
  await put(data, `bronze/${other}.json`, callFile(other, `Customer: I'm really disappointed, ${round} times.`))
  await data.remove(`bronze/${sample[2 * round + 1]?.call_id}.json`)
}

describe.skipIf(programs === null)('transcripts in Postgres (apt-get install postgresql)', () => {
  const suite = suiteServer(programs)

  it('are those of the last commit after runs that were killed at any moment', async () => {
    const folder = emptyFolder()
    const [data, out] = [folderStore(join(folder, 'data')), folderStore(join(folder, 'out'))]
    for (const { call_id, ...call } of sample) {
      await put(data, `bronze/${call_id}.json`, JSON.stringify({ call_id, ...call }))
    }
    /** Runs the command, killed after so many milliseconds; says whether it ended by itself, and when. */
    const command = async (patience: number) => {
      const args = [
        'transcripts',
        'run',
        '--data',
        data.location,
        '--out',
        out.location,
        '--database',
        suite.server.url,
      ]
      const begun = performance.now()
      const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, ...args], { cwd: folder, stdio: 'ignore' })
      const alarm = setTimeout(() => child.kill('SIGKILL'), patience)
      const [status, signal] = await once(child, 'exit')
      clearTimeout(alarm)
      expect(signal ?? status).toSatisfy((end: unknown) => end === 'SIGKILL' || end === 0)
      return { isWhole: signal === null, span: performance.now() - begun }
    }
    const patience = 240_000
    const { span } = await command(patience)
    const next = moments(16)
    let killed = 0
    for (let round = 0; round < 12; round++) {
      await change(data, round)
      // twice in a row, so that what one left half done is half done once more
      for (let time = 0; time < 2; time++) if (!(await command(next() * span)).isWhole) killed++
      expect((await command(patience)).isWhole).toBe(true)
      expect(await delivered(suite.database), `after round ${round}`).toEqual(await committed(out))
      const clean = memoryStore()
      await run(data, clean)
      expect(await publishedIn(out), `after round ${round}`).toEqual(await publishedIn(clean))
    }
    expect(killed).toBeGreaterThan(8)
  }, 600_000)

  it('are those of the last commit when the answer to COMMIT is lost', async () => {
    await suite.database.query('DROP SCHEMA call_data CASCADE')
    const [data, out] = [placeOf(200), memoryStore()]
    const destinations = destinationsOf(suite.proxiedUrl, 'out') ?? []
    for (let round = 0; round < 10; round++) {
      suite.proxy.cutAtCommit(round % 2 === 0 ? 'answered' : 'sent')
      const { commit, destinations: told } = await run(data, out, { destinations })
      expect(told).toMatchObject([{ commit }])
      expect(suite.proxy.cuts()).toBe(round + 1)
      expect(await delivered(suite.database), `after round ${round}`).toEqual(await committed(out))
      await change(data, round)
    }
  }, 240_000)
})
