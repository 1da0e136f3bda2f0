/** What commands say of tables that are made from others. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { defineJob, extractsAndDeltas } from '../../src/pipeline/index.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { defineTable, key, string } from '../../src/table/contract.ts'
import { countUp } from '../../src/table/take.ts'
import { fileOf, job as machinesJob } from '../pipeline/derive/machines-job.ts'
import { emptyFolder } from './command-line.ts'
import { ownProgram } from './own-program.ts'
import { saidIn } from './said.ts'

const halls = defineTable('halls', { id: key(string()), name: string() })
/** Its derived table is the table itself. */
const hallsJob = defineJob({
  name: 'halls',
  tables: { halls: { contract: halls, source: extractsAndDeltas() } },
  derived: {
    wings: {
      from: 'halls',
      contract: defineTable('wings', { id: key(string()), name: string() }),
      rows: (frame) => ({ frame, parents: countUp(frame.rows), issues: [] }),
    },
  },
})

async function hallsPlace() {
  const folder = emptyFolder()
  const out = join(folder, 'out')
  await runPipeline(hallsJob, {
    data: memoryStore({ 'initial/halls.csv': 'id,name\nH1,North\n' }),
    out: folderStore(out),
  })
  const system = { name: 'halls', title: 'Halls', jobs: async () => [hallsJob] }
  return { out, said: saidIn(folder), halls: ownProgram(folder, [system]) }
}

/** A place whose tables come from a file that is replaced: one row waits, of a derived table. */
async function machinesPlace() {
  const folder = emptyFolder()
  const out = join(folder, 'out')
  await runPipeline(machinesJob, {
    data: memoryStore(fileOf(['M1,North,8', 'M2,North,-1', 'M3,South,2'])),
    out: folderStore(out),
    maxQuarantined: 1,
  })
  return { out, said: saidIn(folder) }
}

describe('a derived table', () => {
  it('has no history of its own: the table that it is made from has', async () => {
    const { out, said } = await hallsPlace()
    expect(await said('history', '--out', out, '--table', 'wings')).toMatchInlineSnapshot(`
      "--- stderr
      error: table "wings" of job halls is derived from "halls" and has no inputs of its own; ask for "halls"
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('history', '--out', out, '--table', 'wing')).toMatchInlineSnapshot(`
      "--- stderr
      error: --table: there is no table "wing": there are "halls"
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('history', '--out', out, '--table', 'halls')).toMatchInlineSnapshot(`
      "id  version  valid_from  valid_to  is_deleted  name   file               row
      --  -------  ----------  --------  ----------  -----  -----------------  ---
      H1        1                        false       North  initial/halls.csv    1
      --- status 0
      "
    `)
  })

  it('was written by no line of its own', async () => {
    const { out, halls } = await hallsPlace()
    expect(await halls('blame', 'wings', 'H1', '--out', out, '--data', out)).toMatchInlineSnapshot(`
      "--- stderr
      error: table "wings" of job halls is derived from "halls" and has no inputs of its own; ask for "halls"
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await halls('blame', 'wing', 'H1', '--out', out, '--data', out)).toMatchInlineSnapshot(`
      "--- stderr
      error: blame: there is no table "wing": there are "halls"
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
  })

  it('has none where that table has no months either', async () => {
    const { out, said } = await machinesPlace()
    expect(await said('history', '--out', out, '--table', 'busy')).toMatchInlineSnapshot(`
      "--- stderr
      error: history of busy, which is derived: the inputs of table machines (machines.csv) are not those of months; read it as it is now
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('history', '--out', out, '--table', 'machines')).toMatchInlineSnapshot(`
      "--- stderr
      error: history: the inputs of table machines (machines.csv) are not those of months; read it as it is now
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
  })

  it('has rows that wait', async () => {
    const { out, said } = await machinesPlace()
    expect(await said('quarantine', '--out', out, '--table', 'used')).toMatchInlineSnapshot(`
      "file          row  line  code           column  found  expected
      ------------  ---  ----  -------------  ------  -----  ------------------
      machines.csv    2        type_mismatch  hours          hours of 0 or more

      1 row of 1 file
      --- status 0
      "
    `)
    expect(await said('quarantine', '--out', out, '--table', 'machines')).toMatchInlineSnapshot(`
      "no row of machines waits in FOLDER/out
      --- status 0
      "
    `)
    expect(await said('quarantine', '--out', out, '--table', 'usd')).toMatchInlineSnapshot(`
      "--- stderr
      error: --table: there is no table "usd": did you mean "used"?
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
  })
})
