import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { destinationsOf } from '../../../../src/systems/transcripts/commands/database.ts'
import { handLabelled } from '../../../../src/systems/transcripts/commands/labelled-calls.ts'
import { batchSizeOf, prefixOf } from '../../../../src/systems/transcripts/commands/settings.ts'
import { emptyFolder, supportEtlHere as supportEtl } from '../../../cli/command-line.ts'

/** No variable of the machine reaches the program: an empty one is not set. */
const ENVIRONMENT = Object.fromEntries(
  ['BUCKET_NAME', 'S3_PREFIX', 'DATABASE_URL', 'DB_SCHEMA', 'BATCH_SIZE', 'LOG_LEVEL'].map((name) => [name, undefined]),
) as unknown as Readonly<Record<string, string>>
const command = (cwd: string, args: string, env: Readonly<Record<string, string>> = {}) =>
  supportEtl(['transcripts', ...args.split(' ')], { cwd, env: { ...ENVIRONMENT, ...env } })

const SEEDS = 'evaluate --json --seed 3,4 --num-calls 41'

describe('support-etl transcripts', () => {
  it('makes calls, reads them, shows and scores them; run again, it does nothing', async () => {
    const cwd = emptyFolder()
    const made = await command(cwd, 'generate --num-calls 40 --seed 3')
    expect([made.status, made.stderr]).toEqual([0, ''])
    expect(made.stdout).toBe('40 calls written to data/bronze/\nwhat is true of them: data/ground_truth.json\n')
    expect(readdirSync(join(cwd, 'data', 'bronze'))).toHaveLength(40)
    expect(JSON.parse((await command(cwd, 'generate --num-calls 41 --seed 3 --json')).stdout)).toMatchObject({
      written: 1,
    })
    expect(JSON.parse(readFileSync(join(cwd, 'data', 'ground_truth.json'), 'utf8')).calls).toHaveLength(41)

    const ran = await command(cwd, 'run')
    expect([ran.status, ran.stderr]).toEqual([0, 'data has no agents.csv: table agents is empty until it comes\n'])
    expect(ran.stdout).toMatch(/^committed version 1 to output\/transcripts\n/)
    expect(ran.stdout).toContain('output/transcripts/gold_call_evidence.csv')
    expect((await command(cwd, 'incremental')).stdout).toBe(
      'nothing to do: output/transcripts is at version 1, data has nothing new\n',
    )

    const shown = JSON.parse((await command(cwd, 'status --json')).stdout)
    expect(shown).toMatchObject({
      ...{ commit: 1, calls: 41, quarantined: 0 },
      bronze: { place: 'data/bronze/', is_reachable: true, problem: null, files: 41 },
      layers: { bronze: { rows: 41 }, silver: { rows: 41 }, gold: { rows: 41, agents: shown.agents } },
    })
    const layers: { seconds: number }[] = Object.values(shown.layers)
    for (const { seconds } of layers) expect(seconds).toBeGreaterThanOrEqual(0)
    expect(layers.reduce((sum, { seconds }) => sum + seconds, 0)).toBeGreaterThan(0)
    expect((await command(cwd, 'status')).stdout).toMatch(
      /layer +rows +agents +seconds\n(?:.*\n)?.*bronze +41 +\d+ +\d+\.\d\d\n/,
    )
    const { positive, neutral, negative } = shown.moods
    expect(positive + neutral + negative).toBe(41)

    const { evaluations } = JSON.parse((await command(cwd, 'evaluate --json')).stdout)
    expect(evaluations.map(({ calls }: { calls: string }) => calls)).toEqual([
      ...['hand-labelled, the part for work', 'hand-labelled, only scored'],
      ...['generated, mood by label', 'generated, mood by what is said'],
    ])
    expect(evaluations[2].evaluation.calls).toBe(41)

    // seeds need no files: the same calls give the same scores
    const { seeds, evaluations: bySeed } = JSON.parse((await command(emptyFolder(), SEEDS)).stdout)
    expect(seeds.map(({ seed }: { seed: number }) => seed)).toEqual([3, 4])
    // the state has its calls in the order of their ids
    const inAnyOrder = ({ wrong, ...evaluation }: { wrong: { call_id: string }[] }) => {
      return { ...evaluation, wrong: wrong.map(({ call_id }) => call_id).sort() }
    }
    expect(inAnyOrder(seeds[0].by_label)).toEqual(inAnyOrder(evaluations[2].evaluation))
    expect(inAnyOrder(seeds[0].by_phrase)).toEqual(inAnyOrder(evaluations[3].evaluation))
    expect(bySeed[2].evaluation.calls).toBe(82)
    for (const [seed, expected] of [
      ['7,7', 'each seed once'],
      ['7,', 'a whole number'],
    ] as const) {
      const refused = await command(cwd, `evaluate --seed ${seed}`)
      expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(expected)])
    }
  }, 60_000)

  it('takes from .env what the command line does not say, and the environment before that', async () => {
    const cwd = emptyFolder()
    mkdirSync(join(cwd, 'calls', 'raw'), { recursive: true })
    writeFileSync(join(cwd, '.env'), 'S3_PREFIX=raw\nBATCH_SIZE=7\nLOG_LEVEL=WARNING\nBUCKET_NAME=from-env-file\n')
    const help = async (env = {}) => (await command(cwd, 'etl --help', env)).stdout.replace(/\s+/g, ' ')
    const weak = await help()
    expect(weak).toContain('(BUCKET_NAME) (default: "s3://from-env-file")')
    expect(weak).toContain('(BATCH_SIZE) (default: "7")')
    expect(weak).toContain('default: "warn")')
    const strong = await help({ BUCKET_NAME: 'calls-2', BATCH_SIZE: '9', LOG_LEVEL: 'debug' })
    expect(strong).toContain('default: "s3://calls-2"')
    expect(strong).toContain('(BATCH_SIZE) (default: "9")')
    expect(strong).toContain('default: "debug"')
    expect((await command(cwd, 'generate --num-calls 2 --out calls')).stdout).toContain('2 calls written to calls/raw/')
    expect((await command(cwd, 'run --data calls --json')).status).toBe(0)
    // another prefix is another source
    const other = await command(cwd, 'run --data calls --prefix other')
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('bronze_calls')])
  }, 60_000)

  it('never overwrites a call, and says what it cannot do', async () => {
    const cwd = emptyFolder()
    await command(cwd, 'generate --num-calls 2')
    const [first = ''] = readdirSync(join(cwd, 'data', 'bronze'))
    writeFileSync(join(cwd, 'data', 'bronze', first), '{"call_id":"mine"}')
    const refused = await command(cwd, 'generate --num-calls 3')
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(`bronze/${first} with another call`)])
    expect(readdirSync(join(cwd, 'data', 'bronze'))).toHaveLength(2)
    writeFileSync(join(cwd, 'data', 'ground_truth.json'), '{"calls":[{}]}')
    rmSync(join(cwd, 'data', 'bronze'), { recursive: true })
    expect((await command(cwd, 'generate')).stderr).toContain('ground_truth.json is not a list that generate wrote')
    expect((await command(cwd, 'status')).stderr).toContain('holds no committed state')
    const secret = await command(cwd, 'run --database mysql://root:hidden@localhost/calls')
    expect([secret.status, secret.stderr]).toEqual([2, expect.not.stringContaining('hidden')])
    expect(secret.stderr).toContain('--database is no address of a database')
  }, 60_000)
})

describe('the settings of transcripts', () => {
  it('know a prefix with and without its slash, and sizes of batches', () => {
    expect(['bronze', 'bronze/', 'a/b'].map(prefixOf)).toEqual(['bronze/', 'bronze/', 'a/b/'])
    expect(batchSizeOf('1_000')).toBe(1000)
    for (const size of ['0', '-1', 'many', '1000000']) expect(() => batchSizeOf(size)).toThrow('--batch-size')
  })

  it('know a server, an embedded database, none, and what is no address', () => {
    expect(destinationsOf('none', 'out')).toEqual([])
    expect(destinationsOf('embedded', 'out')?.map(({ name }) => name)).toEqual(['pglite'])
    expect(destinationsOf('postgres://etl@localhost/calls', 'out')?.map(({ name }) => name)).toEqual(['postgres'])
    expect(() => destinationsOf('embedded', 's3://bucket/out')).toThrow('in a folder of this machine')
  })

  it('have hand-labelled calls of both parts', () => {
    const { work, scored } = handLabelled()
    expect(Math.min(work.length, scored.length)).toBeGreaterThan(99)
  })
})
