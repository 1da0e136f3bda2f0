/**
 * `support-etl history`: lists every version of the rows of a table.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import { readHistory } from '../../pipeline/audit/history.ts'
import { readLoggedJob } from '../../pipeline/state/logged-job.ts'
import { columnOf, type Frame, selectColumns } from '../../table/frame.ts'
import { takeRows } from '../../table/take.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { refuseNoName } from '../../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { frameTable, jsonRows } from '../../terminal/text/rows.ts'

interface HistoryValues {
  readonly out: string
  readonly table: string
  readonly key?: string
  readonly json?: true
}

/** Prints the versions of all rows, or of the row with one key. */
export async function history({ out, table, key, json }: HistoryValues, terminal: Terminal): Promise<ExitCode> {
  const effects = effectsOf(terminal)
  const job = await readLoggedJob({ out }, effects)
  if (!Object.hasOwn(job.derived, table)) refuseNoName('--table', 'table', table, Object.keys(job.tables))
  const all = await readHistory(job, { out, table }, effects)
  const keys = job.tables[table]?.contract.key ?? []
  const versions = key === undefined ? all : versionsOf(all, table, keys, key)
  const chunks = json
    ? jsonRows(versions)
    : frameTable(forPeople(versions, keys), terminal.view, { _file: 'file', _row: 'row' })
  for (const chunk of chunks) await terminal.print(chunk)
  return EXIT.done
}

function versionsOf(versions: Frame, table: string, names: readonly string[], key: string): Frame {
  const [name = '', second] = names
  if (second !== undefined) {
    throw new PipelineError(
      'invalid_option',
      `--key: ${table} has a key of ${names.length} columns; history without --key lists all`,
    )
  }
  const keys = columnOf(versions, name)
  const rows = Int32Array.from(
    Array.from({ length: versions.rows }, (_, row) => row).filter((row) => String(keys.at(row)) === key),
  )
  if (rows.length > 0) return takeRows(versions, rows)
  throw new PipelineError(
    'invalid_option',
    `--key: ${table} never had a row with this ${name}; history without --key lists all`,
    {
      details: { found: key },
    },
  )
}

/** Puts the columns of time and source first, after the key. */
function forPeople(versions: Frame, key: readonly string[]): Frame {
  const added = ['version', 'valid_from', 'valid_to', 'is_deleted', '_file', '_row']
  const others = [...versions.columns.keys()].filter((name) => !added.includes(name) && !key.includes(name))
  return selectColumns(versions, [...key, ...added.slice(0, 4), ...others, ...added.slice(4)])
}
