/**
 * `support-etl blame`: the file and line that wrote each cell of a row.
 * @module
 */
import { ContractError } from '../../errors.ts'
import { type BlamedRow, blameRow } from '../../pipeline/audit/blame.ts'
import { tableOf } from '../../pipeline/state/committed-state.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { refuseNoName } from '../../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { printable } from '../../terminal/text/lines.ts'
import { renderJson } from '../../terminal/text/render.ts'
import { cellsByName } from '../../terminal/text/rows.ts'
import { renderTable } from '../../terminal/text/text-table.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { warnOfUnread } from './unread-files.ts'

interface BlameValues {
  readonly out: string
  readonly data: string
  readonly table?: string
  readonly key?: string
  readonly json?: true
}

/** Prints the cells of a row, each with the line that wrote it. */
export async function blame(values: BlameValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { data, table, key, json } = values
  if (table === undefined || key === undefined) {
    throw new ContractError('invalid_option', 'name the table and the key of the row, such as: blame agents A06')
  }
  const { job, out } = await jobs.find(values)
  if (!Object.hasOwn(job.derived, table)) refuseNoName('blame', 'table', table, Object.keys(job.tables))
  const names = tableOf(job, table).contract.key
  const parts = names.length > 1 ? key.split(',') : [key]
  if (parts.length !== names.length) {
    throw new ContractError(
      'invalid_option',
      `the key of ${table} is ${names.join(', ')}: write its parts with , between`,
    )
  }
  const found = await blameRow(job, { out, data, table, key: parts }, effectsOf(terminal))
  if (json) {
    const cells = found.cells.map(({ value, ...cell }) => ({ ...cell, ...cellsByName({ value }) }))
    await terminal.print(renderJson({ ...found, key: parts, cells }))
  } else await terminal.print(terminal.fit(text(found, parts, terminal)))
  warnOfUnread(found.unread, data, terminal, 'its lines cannot be shown')
  return EXIT.done
}

function text({ table, cells, removed }: BlamedRow, key: readonly string[], { title, view }: Terminal): string {
  const gone = removed === null ? '' : `, removed by the delta of ${removed}: what it was before`
  const columns = [
    ...[{ title: 'column' }, { title: 'value' }, { title: 'written by' }],
    ...([
      { title: 'row', align: 'right' },
      { title: 'line', align: 'right' },
    ] as const),
  ]
  const rows = cells.map(({ column, value, origin: { file, row, source } }) => [
    ...[column, cellsByName({ value }).value ?? null, file, row, source?.line ?? null],
  ])
  const lines = new Map(
    cells.flatMap(({ origin: { file, source } }) =>
      source === null ? [] : [[`${file}, line ${source.line}`, source.text] as const],
    ),
  )
  const shown = Array.from(lines, ([place, line]) => `${printable(place)}\n  ${printable(line)}\n`)
  const heading = title(printable(`${table} ${key.join(', ')}${gone}`))
  return [`${heading}\n`, renderTable(columns, rows, view), ...shown].join('\n')
}
