import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder, SAMPLE, supportEtlHere as supportEtl } from '../command-line.ts'

/** A folder with the sample, in which an agent's day is no day, and its state. */
async function waitingPlace(): Promise<string> {
  const cwd = emptyFolder()
  cpSync(SAMPLE, join(cwd, 'data'), { recursive: true })
  const file = join(cwd, 'data', 'initial', 'agents.csv')
  writeFileSync(file, readFileSync(file, 'utf8').replace('2023-09-04', 'soon'))
  expect((await supportEtl(['run'], { cwd })).stderr).toContain('1 row waits in quarantine')
  return cwd
}

describe('support-etl quarantine replay', () => {
  it('applies rows that were mended in the file of --csv; the copies are those of a corrected file', async () => {
    const cwd = await waitingPlace()
    const written = await supportEtl(['quarantine', '--csv', 'rows.csv'], { cwd })
    expect(written.stdout).toMatch(/^1 row in rows\.csv: mend the texts of the column record, then apply them with /)
    const rows = readFileSync(join(cwd, 'rows.csv'), 'utf8')
    expect(rows).toBe(
      'table,file,row,line,problems,record\n' +
        'agents,initial/agents.csv,2,3,"type_mismatch: hire_date: found ""soon"", expected a day such as 2025-01-31","A02,Tobias Okafor,010,soon,PAYM"\n',
    )
    expect((await supportEtl(['quarantine', '--csv', 'rows.csv'], { cwd })).stderr).toContain(
      'rows.csv is there already',
    )

    const same = await supportEtl(['quarantine', 'replay', 'rows.csv'], { cwd })
    expect(same.stdout).toMatch(/^nothing to do: .*\n\n.*\n.*\ninitial\/agents\.csv +2 +text not changed /)
    writeFileSync(join(cwd, 'rows.csv'), rows.replace('010,soon', '010,2023-09-04'))
    const replayed = await supportEtl(['quarantine', 'replay', 'rows.csv'], { cwd })
    expect([replayed.status, replayed.stdout]).toEqual([
      0,
      expect.stringMatching(/^committed version 2 to output\n\n.*\n.*\ninitial\/agents\.csv +2 +applied *\n$/),
    ])
    for (const name of ['agents.csv', 'support_report.csv']) {
      await supportEtl(['run', '--data', SAMPLE, '--out', 'right'], { cwd })
      expect(readFileSync(join(cwd, 'output', name), 'utf8')).toBe(readFileSync(join(cwd, 'right', name), 'utf8'))
    }
    expect((await supportEtl(['run'], { cwd })).stdout).toMatch(/^nothing to do: /)
    expect((await supportEtl(['quarantine'], { cwd })).stdout).toBe('no row waits in output\n')
  })

  it('says which rows still do not fit, and refuses one that does not wait', async () => {
    const cwd = await waitingPlace()
    const mended = (row: number, text: string) =>
      writeFileSync(join(cwd, 'rows.csv'), `table,file,row,record\nagents,initial/agents.csv,${row},"${text}"\n`)
    mended(2, 'A02,Tobias Okafor,010,never,PAYM')
    const waits = await supportEtl(['quarantine', 'replay', 'rows.csv', '--json'], { cwd })
    expect(waits.status).toBe(0)
    expect(JSON.parse(waits.stdout).rows).toMatchObject([{ row: 2, status: 'waits', problem: { column: 'hire_date' } }])
    expect(waits.stderr).toContain('1 row of rows.csv still does not fit')
    mended(1, 'A01,Ingrid Solheim,010,2021-05-17,OUTG')
    const refused = await supportEtl(['quarantine', 'replay', 'rows.csv'], { cwd })
    expect([refused.status, refused.stdout]).toEqual([3, ''])
    expect(refused.stderr).toMatch(/^error: initial\/agents\.csv row 1: no row of table agents waits there/)
  })

  it('says what is missing, and which column a file lacks', async () => {
    const cwd = await waitingPlace()
    expect((await supportEtl(['quarantine', 'replay'], { cwd })).stderr).toContain('name the file with the mended rows')
    expect((await supportEtl(['quarantine', 'replay', 'none.csv'], { cwd })).stderr).toContain('cannot read none.csv')
    writeFileSync(join(cwd, 'rows.csv'), 'table,file,row\nagents,initial/agents.csv,2\n')
    const { status, stderr } = await supportEtl(['quarantine', 'replay', 'rows.csv'], { cwd })
    expect(status).toBe(3)
    expect(stderr).toContain('record')
  })
})
