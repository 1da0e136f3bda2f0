/**
 * Partitioned tables in the fold: the days that there are now, and what may not be lost without a word.
 * @module
 */
import { PipelineError } from '../../../errors.ts'
import type { FoldedTable } from '../../fold/folded-table.ts'
import type { InputRecord, TableState } from '../../log/commit-record.ts'
import type { Note } from '../../plan/make-plan.ts'
import { acceptWithdrawals } from '../../plan/plan-refusals.ts'
import type { AppliedInput } from '../../run-result.ts'
import { countingDays } from '../../state/partition-files.ts'
import type { Work } from '../../steps/work.ts'
import { isHeavyLoss, shareOf } from '../losses.ts'
import { NO_UNIT_DAY } from '../partitions.ts'
import { withdrawDays } from '../plan-partitions.ts'
import type { ReadPartitions } from '../read/read-partitions.ts'

/** A day that comes again with far fewer records was perhaps cut. */
function refuseShrunk({ table, read, before }: ReadPartitions, { accepted }: Work): void {
  const { name } = table.contract
  if (accepted.includes(name)) return
  for (const day of read) {
    const rows = before.get(day.unit)?.rows ?? 0
    const lost = rows - day.rows
    if (!isHeavyLoss(lost, rows)) continue
    throw new PipelineError(
      'input_shrunk',
      `${day.name}: has ${lost} records fewer than the ${rows} that ${day.unit === NO_UNIT_DAY ? 'table' : `day ${day.unit} of table`} ${name} had (${shareOf(lost, rows)}); nothing was changed`,
      {
        advice: ['look whether it was cut', acceptWithdrawals(name, 'accept the loss in this run')],
        details: { day: day.unit, lost, rows },
      },
    )
  }
}

/** The error for a day whose bytes another day of the table has. */
export function duplicateDay(table: string, twin: InputRecord, day: InputRecord): PipelineError {
  return new PipelineError(
    'duplicate_day',
    `${day.name}: has the same content as ${twin.name}, so that ${twin.unit} and ${day.unit} of table ${table} would be one delivery; nothing was changed`,
    {
      advice: ['fetch the right file', withdrawDays([twin.unit], 'remove a day that was applied by mistake')],
      details: { days: [twin.unit, day.unit] },
    },
  )
}

/** The same bytes under two days are one delivery under two names; days without records are alike. */
function refuseTwins(days: readonly InputRecord[], { contract }: ReadPartitions['table']): void {
  const first = new Map<string, InputRecord>()
  for (const day of days) {
    if (day.rows === 0) continue
    const twin = first.get(day.sha256)
    if (twin !== undefined) {
      throw duplicateDay(contract.name, twin, day)
    }
    first.set(day.sha256, day)
  }
}

const fitting = (day: InputRecord | undefined): number => day?.stored?.rows ?? 0

function appliedDay(day: InputRecord, before: InputRecord | undefined): AppliedInput {
  const { table, month, name, rows, quarantined } = day
  const [rowsIn, rowsOut] = [fitting(before), fitting(day)]
  const isSame = before?.stored?.sha256 === day.stored?.sha256
  const counts = isSame
    ? { inserted: 0, deleted: 0, unchanged: rowsOut }
    : { inserted: rowsOut, deleted: rowsIn, unchanged: 0 }
  const summary = { rowsIn, rowsOut, deltaRows: rows, ...counts, updated: 0, ignored: 0, folded: 0 }
  return { table, month, name, rows, quarantined, summary: { ...summary, quarantined, codes: [] } }
}

function notesOf({ table, read, withdrawn, notes: told }: ReadPartitions): Note[] {
  const notes = read
    .filter(({ quarantined }) => quarantined > 0)
    .map(({ name, rows, quarantined }): Note => {
      const message = `${name}: ${quarantined} of ${rows} rows do not fit their contract and wait in quarantine`
      return { code: 'quarantined', severity: 'warning', file: name, message }
    })
  for (const { unit, rows, name } of withdrawn) {
    const message = `table ${table.contract.name}: day ${unit} was removed, with ${rows} records of ${name}`
    notes.push({ code: 'day_withdrawn', severity: 'info', file: name, message })
  }
  return [...told, ...notes]
}

/**
 * Returns a partitioned table after its days changed.
 * @throws PipelineError input_shrunk, duplicate_day - a day is perhaps cut, or there under two names
 */
export function foldPartitions(partitions: ReadPartitions, work: Work): FoldedTable {
  const { table, read, known, before, withdrawn, waiting, state } = partitions
  const { name } = table.contract
  if (read.length > 0) work.effects.onProgress({ step: 'apply', name, done: null, total: null })
  refuseShrunk(partitions, work)
  const days = [...known, ...read].sort((a, b) => (a.unit < b.unit ? -1 : 1))
  refuseTwins(days, table)
  const rows = countingDays(work.job, name, days).reduce((sum, day) => sum + fitting(day), 0)
  const isUntouched = read.length === 0 && withdrawn.length === 0 && state !== null
  const now: TableState = { snapshot: null, through: null, rows }
  const judged = new Set([...read, ...withdrawn].map((input) => input.name))
  for (const { unit } of read) judged.add(before.get(unit)?.name ?? '')
  // another source had the table before: nothing of it waits any more
  const isFirst = before.size === 0
  return {
    ...{ table, known: days, inputs: [], changed: new Map(), waiting, isUntouched },
    state: isUntouched ? state : now,
    notes: notesOf(partitions),
    applied: read.map((day) => appliedDay(day, before.get(day.unit))),
    isSame: isUntouched,
    isReplaced: ({ file }) => isFirst || judged.has(file),
  }
}
