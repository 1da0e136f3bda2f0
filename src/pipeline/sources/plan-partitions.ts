/**
 * What a run would do with the days of a partitioned table: pure.
 * @module
 */

import type { Advice } from '../../errors.ts'
import { missingDays } from '../job/day.ts'
import type { InputRecord } from '../log/commit-record.ts'
import { isReadAlike, type PlanInput } from '../plan/plan-input.ts'
import type { Note, SkippedFile } from '../plan/plan-notes.ts'
import { type Refusal, refusalOf } from '../plan/plan-refusals.ts'
import type { SourceFile } from './files/inventory.ts'
import { NO_UNIT_DAY } from './partitions.ts'

/** What changes of a partitioned table. */
export interface PartitionPlan {
  readonly read: readonly SourceFile[]
  /** Days that the run is asked to remove. */
  readonly withdraw: readonly InputRecord[]
  readonly skip: readonly SkippedFile[]
  readonly notes: readonly Note[]
  readonly refusals: readonly Refusal[]
}

/** Some days in words: the first five, and how many more. */
export function listDays(days: readonly string[]): string {
  const more = days.length - 5
  return more > 0 ? `${days.slice(0, 5).join(', ')} and ${more} more` : days.join(', ')
}

/** Removes days of partitioned tables. */
export const withdrawDays = (days: readonly string[], effect: string): Advice => ({
  ...{ option: 'withdraw', value: `[${days.map((day) => `'${day}'`).join(', ')}]`, typed: days.join(','), effect },
})

/** Returns the days of a ledger that belong to a source of days: another source may have had the table before. */
export function ledgerDays(table: string, head: PlanInput['head']): readonly InputRecord[] {
  if (head?.tables[table]?.source.kind !== 'partitions') return []
  return head.inputs.filter((input) => input.table === table)
}

/** Days that are not read again cannot stay where they were read under another contract. */
function refuseUnread(table: string, kept: readonly InputRecord[], input: PlanInput): Refusal[] {
  if (input.request.apply !== 'rebuild') return []
  const old = kept.filter((day) => !isReadAlike(input, day))
  if (old.length === 0) return []
  const days = old.map(({ unit, name }) => (unit === NO_UNIT_DAY ? name : unit))
  const statement = `table ${table}: ${listDays(days)} were read under another contract or format and are not read again`
  const advice = ['bring their files back', withdrawDays(days, 'remove the days')]
  const files = old.map(({ name }) => name)
  return [refusalOf('options_changed', statement, advice, files)]
}

/**
 * Returns what changes of a partitioned table: a day is compared only with what the ledger says of it now. A day whose file
 * is gone is kept unless the run withdraws it.
 */
export function planPartitions(table: string, files: readonly SourceFile[], input: PlanInput): PartitionPlan {
  const { mirrored, request, head, source } = input
  const expected = mirrored.get(table)?.expected ?? table
  const applied = new Map(ledgerDays(table, head).map((entry) => [entry.unit, entry]))
  const hasDays = expected.includes('{day}')
  const isChosen = (day: string): boolean => !hasDays || request.days === null || request.days.includes(day)
  const read: SourceFile[] = []
  const skip: SkippedFile[] = []
  const present = new Set<string>()
  for (const file of files) {
    const known = applied.get(file.unit)
    present.add(file.unit)
    const isSame = known?.sha256 === file.sha256 && known.name === file.name && isReadAlike(input, known)
    if (!isChosen(file.unit)) {
      if (!isSame) skip.push({ name: file.name, reason: 'not_selected' })
    } else if (isSame && request.apply !== 'rebuild') skip.push({ name: file.name, reason: 'already_applied' })
    else read.push(file)
  }
  const gone = [...applied.values()].filter(({ unit }) => !present.has(unit))
  const withdraw = gone.filter(({ unit }) => request.withdraw.includes(unit))
  const kept = gone.filter(({ unit }) => !request.withdraw.includes(unit))
  const again = new Set(read.map(({ unit }) => unit))
  const stays = [...applied.values()].filter((entry) => !again.has(entry.unit) && !withdraw.includes(entry))
  const notes: Note[] = []
  const tell = (code: string, message: string): void => {
    notes.push({ code, severity: 'info', file: null, message })
  }
  if (kept.length > 0) {
    const what = hasDays ? `file of ${listDays(kept.map(({ unit }) => unit))}` : expected
    tell('day_kept', `table ${table}: ${source} has no ${what} any more; the rows are kept`)
  }
  const known = new Set([...applied.keys(), ...present])
  known.delete(NO_UNIT_DAY)
  for (const { unit } of withdraw) known.delete(unit)
  const asked = (hasDays ? (request.days ?? []) : []).filter((day) => !known.has(day))
  for (const day of asked) skip.push({ name: expected.replace('{day}', day), reason: 'missing' })
  const missing = [...new Set([...missingDays(known), ...asked])].sort()
  if (missing.length > 0) tell('day_missing', `table ${table} has no file of ${listDays(missing)}`)
  return { read, withdraw, skip, notes, refusals: refuseUnread(table, stays, input) }
}

/** Says which days to be withdrawn no table has: a run that was killed after its commit is started again with them. */
export function noteWithdrawals({ request, mirrored, head }: PlanInput): Note[] {
  const tables = [...mirrored].flatMap(([table, { kind }]) => (kind === 'partitions' ? [table] : []))
  const days = new Set(tables.flatMap((table) => ledgerDays(table, head).map(({ unit }) => unit)))
  const unknown = request.withdraw.filter((day) => !days.has(day))
  if (unknown.length === 0) return []
  const message = `withdraw names ${listDays(unknown)}, which no partitioned table has`
  return [{ code: 'day_missing', severity: 'info', file: null, message }]
}

/** Refuses days to be withdrawn whose files are still there: the next run would apply them again. */
export function refuseWithdrawals({ request, mirrored, head, inventory }: PlanInput): Refusal[] {
  const tables = [...mirrored].flatMap(([table, { kind }]) => (kind === 'partitions' ? [table] : []))
  return request.withdraw.flatMap((day): Refusal[] => {
    const files = inventory.files.filter(({ table, unit }) => unit === day && tables.includes(table))
    const known = tables.filter((table) => ledgerDays(table, head).some(({ unit }) => unit === day))
    const isGone = known.some((table) => !files.some((file) => file.table === table))
    if (isGone) return []
    const [file] = files
    if (file === undefined && tables.length > 0) return []
    const [statement, cure] =
      file === undefined
        ? [`withdraw names ${day}, and the job has no partitioned table`, 'leave it out']
        : [
            `withdraw names ${day}, and its file ${file.name} is still there`,
            'remove the file first, or it is applied again',
          ]
    const names = files.map(({ name }) => name)
    return [refusalOf('invalid_option', statement, [cure], names)]
  })
}
