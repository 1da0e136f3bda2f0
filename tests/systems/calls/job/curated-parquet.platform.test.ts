import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderStore } from '../../../../src/connect/files/folder-store.ts'
import { runCalls } from '../../../../src/systems/calls/job/run-calls.ts'
import { python } from '../../../python-tools.ts'
import { filesIn, sample, temporaryFolder } from '../places.ts'

describe.skipIf(!existsSync(python))('the curated Parquet in pyarrow (.ci/run installs it in tests/.venv)', () => {
  it('has Arrow types, dictionaries among them', async () => {
    const folder = temporaryFolder()
    await runCalls(filesIn(folderStore(folder), folderStore(sample)))
    const code = `import sys, pyarrow.parquet as pq; print('\\n'.join(f'{f.name} {f.type}' for f in pq.read_table(sys.argv[1]).schema))`
    const told = execFileSync(python, ['-c', code, join(folder, 'cleaned_calls.parquet')], { encoding: 'utf8' })
    const types = Object.fromEntries(
      told
        .trim()
        .split('\n')
        .map((text) => [text.split(' ')[0], text.slice(text.indexOf(' ') + 1)]),
    )
    expect(types).toMatchObject({
      call_id: 'string',
      region: 'string',
      start_time: 'timestamp[us, tz=UTC]',
      call_date: 'date32[day]',
      hour_of_day: 'int32',
      rating: 'double',
    })
    expect(types.resolution).toMatch(/^dictionary<values=string/)
  })
})
