/**
 * What a run would do with the present inputs of mirrored tables: pure.
 * @module
 */
import type { InputRecord } from '../log/commit-record.ts'
import { LedgerUnits, ledgerUnits } from '../log/ledger-units.ts'
import { isReadAlike, type PlanInput } from '../plan/plan-input.ts'
import type { Note, SkippedFile } from '../plan/plan-notes.ts'
import { acceptWithdrawals, type Refusal, refusalOf } from '../plan/plan-refusals.ts'
import type { SourceFile } from './files/inventory.ts'
import { noteWithdrawals, planPartitions, refuseWithdrawals } from './plan-partitions.ts'

/** What changes of the mirrored tables. */
export interface MirroredPlan {
  /** Files to be read: new, changed, or waiting behind another file with their key. */
  readonly read: readonly SourceFile[]
  /** Inputs that are gone, and whose rows go with them. */
  readonly withdraw: readonly InputRecord[]
  /** Days of partitioned tables that are left alone, or that are not there. */
  readonly skip: readonly SkippedFile[]
  readonly notes: readonly Note[]
  readonly refusals: readonly Refusal[]
}

function refuseEmpty(table: string, { mirrored, source, request }: PlanInput): Refusal[] {
  const found = mirrored.get(table)
  const { kind = 'objects', expected = table } = found ?? {}
  const mayGo = found?.isOptional === true
  if (mayGo && request.acceptWithdrawals.includes(table)) return []
  const statement = `${source} has no ${expected}, from which table ${table} was made; nothing was changed. Is it the right place?`
  const back = kind === 'snapshots' ? 'bring the file back' : 'bring the files back'
  const advice = mayGo ? [back, acceptWithdrawals(table, 'remove all records in this run')] : [back]
  return [refusalOf('source_empty', statement, advice)]
}

/** An optional file that never came; a later one is applied like any other. */
function noteMissing(table: string, { mirrored, source, head }: PlanInput): Note[] {
  const { kind, expected } = mirrored.get(table) ?? {}
  if (head !== null || kind !== 'snapshots') return []
  const message = `${source} has no ${expected}: table ${table} is empty until it comes`
  return [{ code: 'file_missing', severity: 'info', file: null, message }]
}

/** The inputs of which no file is there. */
function missingFrom(files: readonly SourceFile[], applied: LedgerUnits): readonly InputRecord[] {
  const present = new Set(files.map(({ unit }) => unit))
  return applied.inputs.filter(({ unit }) => !present.has(unit))
}

/**
 * Returns what changes: an input is compared only with what the ledger says of it now, never with an earlier content. One whose
 * declared format is another one is read again. A run of selected months or days withdraws nothing of other tables.
 */
export function planMirrored(input: PlanInput): MirroredPlan {
  const { inventory, head, mirrored, request } = input
  const present = new Map<string, SourceFile[]>(Array.from(mirrored.keys(), (table) => [table, []]))
  for (const file of inventory.files) present.get(file.table)?.push(file)
  const ledger = ledgerUnits(head?.inputs ?? [], mirrored.keys())
  const read: SourceFile[] = []
  const withdraw: InputRecord[] = []
  const skip: SkippedFile[] = []
  const notes: Note[] = noteWithdrawals(input)
  const refusals: Refusal[] = refuseWithdrawals(input)
  for (const [table, files] of present) {
    if (mirrored.get(table)?.kind === 'partitions') {
      const days = planPartitions(table, files, input)
      for (const file of days.read) read.push(file)
      withdraw.push(...days.withdraw)
      skip.push(...days.skip)
      notes.push(...days.notes)
      refusals.push(...days.refusals)
      continue
    }
    const applied = ledger.get(table) ?? new LedgerUnits([])
    if (files.length === 0 && applied.inputs.length > 0) refusals.push(...refuseEmpty(table, input))
    if (files.length === 0 && applied.inputs.length === 0) notes.push(...noteMissing(table, input))
    let found = 0
    const changed: SourceFile[] = []
    const waiting: SourceFile[] = []
    for (const file of files) {
      const known = applied.find(file.unit)
      if (known !== null) found++
      const isSame = known?.sha256 === file.sha256 && isReadAlike(input, known)
      if (request.apply === 'rebuild' || !isSame) changed.push(file)
      else if (known?.waits !== undefined) waiting.push(file)
    }
    const isWhole = found === applied.inputs.length || request.months !== null || request.days !== null
    const gone = isWhole ? [] : missingFrom(files, applied)
    // one by one: a list of arguments has a limit
    for (const file of changed) read.push(file)
    if (changed.length > 0 || gone.length > 0) for (const file of waiting) read.push(file)
    for (const input of gone) withdraw.push(input)
  }
  return { read, withdraw, skip, notes, refusals }
}
