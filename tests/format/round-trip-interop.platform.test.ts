import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as format from '../../src/format/index.ts'
import { toArquero } from '../../src/table/arquero/arquero.ts'
import { viewTable } from '../../src/table/table-like.ts'
import { python } from '../python-tools.ts'
import { contract, folder } from './interop-sample.ts'

describe.skipIf(!existsSync(python))('pyarrow, polars and DuckDB (.ci/run installs them in tests/.venv)', () => {
  it('read what we write, cell by cell', async ({ task }) => {
    const ours = mkdtempSync(join(tmpdir(), 'support-etl-interop-'))
    try {
      const table = toArquero(
        viewTable(format.readArrow(new Uint8Array(readFileSync(join(folder, 'pyarrow.arrow'))), contract)),
      )
      writeFileSync(join(ours, 'ours.arrow'), format.writeArrow(table, { contract, metadata: { zone: 'UTC' } }))
      writeFileSync(
        join(ours, 'ours.parquet'),
        await format.writeParquet(table, { contract, metadata: { zone: 'UTC' } }),
      )
      writeFileSync(join(ours, 'ours.csv'), format.writeCsv(table))
      writeFileSync(join(ours, 'ours.json'), format.writeJson(table))
      writeFileSync(join(ours, 'ours.jsonl'), format.writeJsonLines(table))
      const told = execFileSync(python, [join(folder, 'make.py'), 'read', ours], { encoding: 'utf8' })
      const readings = told.trim().split('\n').length
      expect(readings).toBe(10)
      task.meta.figures = { 'readings of our files by other tools': readings }
    } finally {
      rmSync(ours, { recursive: true })
    }
  }, 120_000)
})
