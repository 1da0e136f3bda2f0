/**
 * Mirrored tables in the fold: what the present inputs make of each, and what may not be lost without a word.
 * @module
 */
import { PipelineError } from '../../../errors.ts'
import { arrowChunks } from '../../../format/arrow/arrow.ts'
import { type FoldedTable, restrictColumns } from '../../fold/folded-table.ts'
import { withRecorded } from '../../fold/recorded-times.ts'
import { isRecording } from '../../job/job.ts'
import type { InputRecord } from '../../log/commit-record.ts'
import type { Note } from '../../plan/make-plan.ts'
import { acceptWithdrawals } from '../../plan/plan-refusals.ts'
import { type QuarantinedRow, TOLERATED_ROWS } from '../../quarantine.ts'
import { mirroredContract } from '../../state/stored-contract.ts'
import type { ReadMirror } from '../../steps/read.ts'
import { changedFor, type Work } from '../../steps/work.ts'
import { isHeavyLoss, percent, shareOf } from '../losses.ts'
import { type MirroredRows, mirrorRows } from './mirror.ts'

function refuseLosses({ table, source, before }: ReadMirror, lost: number, work: Work): void {
  const { name } = table.contract
  const rows = before.rows
  if (!isHeavyLoss(lost, rows) || work.accepted.includes(name)) return
  const share = shareOf(lost, rows)
  if (source.kind === 'snapshots') {
    throw new PipelineError(
      'input_shrunk',
      `${source.expected}: lacks ${lost} of the ${rows} rows of table ${name} (${share}); nothing was changed`,
      {
        advice: ['look whether it was cut', acceptWithdrawals(name, 'accept the loss in this run')],
        details: { lost, rows },
      },
    )
  }
  throw new PipelineError(
    'too_many_withdrawn',
    `table ${name}: the files of ${lost} of its ${rows} rows (${share}) are gone; nothing was changed`,
    {
      advice: ['look whether the place is whole', acceptWithdrawals(name, 'accept the loss in this run')],
      details: { lost, rows },
    },
  )
}

/** Objects are judged together: one broken file of one record is always all of its rows. */
function refuseQuarantine({ table, source, inputs, known }: ReadMirror, rows: number, work: Work): void {
  if (source.kind !== 'objects') return
  const waited = new Set(known.filter(({ quarantined }) => quarantined > 0).map(({ unit }) => unit))
  const fresh = inputs.entries.filter(({ unit, quarantined }) => quarantined > 0 && !waited.has(unit)).length
  const { maxQuarantined } = work.plan.options
  const all = rows + inputs.waiting.length
  if (fresh <= TOLERATED_ROWS || fresh <= all * maxQuarantined) return
  const [first] = inputs.waiting
  throw new PipelineError(
    'too_many_quarantined',
    `table ${table.contract.name}: ${fresh} of ${all} records do not fit, more than ${percent(maxQuarantined)}; the first is ${first?.file}: expected ${first?.expected}`,
    {
      advice: ['correct the files', { option: 'maxQuarantined', effect: 'set more aside' }],
      details: { rows: fresh, records: all },
    },
  )
}

export function duplicateRow(table: string, file: string, row: number): QuarantinedRow {
  const expected = 'a key that no file with an earlier name has'
  return {
    table,
    month: null,
    file,
    row,
    line: null,
    code: 'duplicate_object',
    column: null,
    found: null,
    expected,
    raw: '',
  }
}

/** What the ledger says of the inputs: those that wait behind another file are marked. */
function ledgerOf({ inputs, known, gone }: ReadMirror, duplicates: MirroredRows['duplicates']): InputRecord[] {
  const waiting = new Set(duplicates.map(({ file }) => file))
  // what stays as it is stays the same object: its page of the ledger is not written again
  const marked = (input: InputRecord): InputRecord => {
    const isWaiting = waiting.size > 0 && waiting.has(input.name)
    if (input.waits === undefined && !isWaiting) return input
    const { waits: _, ...entry } = input
    return isWaiting ? { ...entry, quarantined: 1, waits: 'duplicate_object' } : { ...entry, quarantined: 0 }
  }
  const ledger: InputRecord[] = []
  for (const input of known) if (!gone.has(input.name)) ledger.push(marked(input))
  for (const input of inputs.entries) ledger.push(marked(input))
  return ledger
}

function notesOf({ table, inputs, source }: ReadMirror, duplicates: MirroredRows['duplicates']): Note[] {
  const rows = new Set([...inputs.waiting, ...duplicates].map(({ file, row }) => `${row} ${file}`)).size
  if (rows === 0) return [...inputs.notes]
  const file = source.kind === 'snapshots' ? (inputs.entries[0]?.name ?? null) : null
  const message = `table ${table.contract.name}: ${rows} record${rows === 1 ? '' : 's'} did not fit and wait${rows === 1 ? 's' : ''} in quarantine`
  return [...inputs.notes, { code: 'quarantined', severity: 'warning', file, message }]
}

/**
 * Returns a mirrored table after its inputs changed.
 * @throws PipelineError too_many_withdrawn, input_shrunk, too_many_quarantined - more is lost than may be without being asked for
 */
export function foldMirror(read: ReadMirror, work: Work): FoldedTable {
  const { table, source, inputs, known, gone, withdrawn, before, recorded, state } = read
  const { name } = table.contract
  const { loaded, draft } = work
  if (inputs.entries.length === 0 && gone.size === 0 && state !== null) {
    const nothing = { inputs: [], changed: new Map(), waiting: [], notes: [], applied: [] }
    return { table, known, state, isUntouched: true, isSame: true, isReplaced: () => false, ...nothing }
  }
  work.effects.onProgress({ step: 'apply', name, done: null, total: null })
  const contract = mirroredContract(table.contract)
  const { rows } = inputs
  const incoming = isRecording(contract) ? withRecorded(rows, recorded, contract, work.committedAt()) : rows
  const mirrored = mirrorRows(before, gone, incoming, table.contract)
  const { frame, counts, duplicates } = mirrored
  const waitingFiles = new Set(inputs.waiting.map(({ file }) => file))
  if (source.kind === 'objects' && withdrawn.length > 0)
    refuseLosses(read, Math.min(counts.deleted, withdrawn.length), work)
  if (source.kind === 'snapshots') {
    const shrunk = table.contract.key.length === 0 ? Math.max(0, before.rows - frame.rows) : counts.deleted
    refuseLosses(read, Math.max(0, shrunk - inputs.waiting.length), work)
  }
  refuseQuarantine(read, frame.rows, work)
  const ledger = ledgerOf(read, duplicates)
  const isStrict = work.plan.options.mode === 'strict'
  const [twin] = duplicates
  if (isStrict && twin !== undefined) {
    throw new PipelineError('duplicate_object', `${twin.file}: an earlier file has a record with the same key`, {
      advice: ['remove one', { option: 'mode', value: "'lenient'", effect: 'set it aside' }],
    })
  }
  const changed = changedFor(work, name, (columns) => restrictColumns(mirrored.changed, columns))
  loaded.setTable(name, frame)
  const stored = draft.write(name, 'arrow', frame.rows, arrowChunks(frame, { contract }))
  const isFirst = state === null
  const quarantined = waitingFiles.size
  const summary = {
    ...{ rowsIn: before.rows, rowsOut: frame.rows, deltaRows: inputs.rows.rows + inputs.waiting.length, ...counts },
    ...{ ignored: 0, folded: duplicates.length, quarantined: inputs.waiting.length, codes: [] },
  }
  const records = inputs.entries.reduce((count, entry) => count + entry.rows, 0)
  const shown = source.kind === 'snapshots' ? (inputs.entries[0]?.name ?? source.expected) : source.expected
  const replaced = new Set([...gone, ...inputs.entries.map((entry) => entry.name)])
  return {
    table,
    known: ledger,
    inputs: [],
    state: stored.then((snapshot) => ({ snapshot, through: null, rows: frame.rows })),
    changed,
    waiting: [...inputs.waiting, ...duplicates.map(({ file, row }) => duplicateRow(name, file, row))],
    notes: notesOf(read, duplicates),
    applied: [{ table: name, month: null, name: shown, rows: records, quarantined, summary }],
    isUntouched: false,
    isSame: !isFirst && mirrored.changed.before.rows === 0 && mirrored.changed.after.rows === 0,
    // a table that begins anew has nothing of before
    isReplaced: ({ code, file }) => isFirst || code === 'duplicate_object' || replaced.has(file),
  }
}
