/** The image of the transcripts kit: its Node runs the commands as compose.yaml has them, from a project that is only mounted. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Image, type ImageStore, imageStore, missingTools } from './image.ts'

const root = join(import.meta.dirname, '..', '..')
const kit = join(root, 'kit', 'transcripts')
const missing = missingTools()
const [node = '', airflow = ''] = [...readFileSync(join(kit, 'Containerfile'), 'utf8').matchAll(/^FROM (\S+)/gm)].map(
  ([, base]) => base,
)

/** What matters of Airflow's image: its user, and the folder that it works in. The DAG is run by Airflow in another test. */
const AIRFLOW = `FROM ${node}\nRUN useradd --uid 50000 --gid 0 --create-home airflow\nWORKDIR /opt/airflow\nUSER airflow\n`

describe.skipIf(missing.length > 0)(
  `the image of the transcripts kit (missing: ${missing.join(', ') || 'nothing'})`,
  () => {
    let store: ImageStore
    let image: Image
    let folder = ''
    beforeAll(() => {
      store = imageStore()
      folder = mkdtempSync(join(tmpdir(), 'support-etl-kit-'))
      writeFileSync(join(folder, 'Containerfile'), AIRFLOW)
      store.makeNodeBase(node)
      store.build(folder, airflow, {})
      image = store.build(kit, 'transcripts-airflow', {})
    }, 600_000)
    afterAll(() => {
      store?.remove()
      if (folder !== '') rmSync(folder, { recursive: true, force: true })
    }, 120_000)

    it('makes calls and reads them, as the user of Airflow', () => {
      expect(image.config.User).toBe('50000:0')
      const work = mkdtempSync(join(folder, 'work-'))
      const transcripts = (args: string) => {
        const main = '/opt/project/node_modules/support-etl/dist/cli/main.js'
        const script = `cd /opt/data && exec node ${main} transcripts ${args}`
        const [program, ...flags] = image.command({
          binds: { '/opt/project/node_modules/support-etl': root, '/opt/data': work },
          entrypoint: ['sh', '-c', script],
          words: [],
        })
        return spawnSync(program, flags, { encoding: 'utf8', timeout: 120_000 })
      }
      expect(transcripts('generate --num-calls 50 --seed 7')).toMatchObject({ status: 0, stderr: '' })
      expect(transcripts('etl').stdout).toContain('committed version 1 to output/transcripts')
      expect(transcripts('etl').stdout).toContain('nothing to do')
      expect(JSON.parse(transcripts('status --json').stdout)).toMatchObject({ calls: 50, quarantined: 0 })
    }, 400_000)
  },
)
