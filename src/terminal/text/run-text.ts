/**
 * What came of a run, and what a run would do, as text for people.
 * @module
 */
import type { DeliveryResult } from '../../pipeline/destinations/destination.ts'
import type { Plan, RunPlan } from '../../pipeline/plan/make-plan.ts'
import type { RunResult } from '../../pipeline/run-result.ts'
import { printable } from './lines.ts'
import { counted } from './render.ts'
import { renderTable, type TableView } from './text-table.ts'

/** What came of a run. */
export function resultText(
  { status, commit, applied, tables, published, removed, destinations }: RunResult,
  places: { readonly data: string; readonly out: string },
  view: TableView = {},
): string {
  const [data, out] = [printable(places.data), printable(places.out)]
  const delivered = destinations.map(deliveryText).join('')
  if (status === 'nothing_to_do') {
    return `nothing to do: ${out} is at version ${commit}, ${data} has nothing new\n${delivered}`
  }
  const listed = (title: string, names: readonly string[]): string =>
    names.length === 0 ? '' : `\n${title}\n${names.map((name) => `  ${out}/${name}\n`).join('')}`
  const written = published.filter(({ isWritten }) => isWritten).map(({ name }) => name)
  const copies = listed('published', written) + listed('removed: no longer published', removed)
  if (status === 'republished') {
    const what = written.length > 0 ? 'copies written again' : 'copies of an earlier version removed'
    return `${what}; ${out} is at version ${commit}\n${copies}${delivered}`
  }
  return `committed version ${commit} to ${out}\n\n${appliedTable(applied, view)}\n${currentTable(tables, view)}${copies}${delivered}`
}

/** A line about a destination; nothing where it was up to date. */
function deliveryText({ name, status, commit, rows }: DeliveryResult): string {
  if (status === 'current') return ''
  if (status === 'waits') return `\n${name}: another process owns it, and applies the commit itself\n`
  if (status === 'superseded') return `\n${name}: not delivered, for a later commit was made by other code\n`
  const changed = Object.values(rows).reduce((sum, count) => sum + count, 0)
  return `\n${name} is at version ${commit}: ${counted(changed, 'row')} changed\n`
}

function appliedTable(applied: RunResult['applied'], view: TableView): string {
  if (applied.length === 0) return 'no input was applied: outputs and copies were rebuilt\n'
  const counts = ['rows', 'inserted', 'updated', 'unchanged', 'deleted', 'ignored', 'quarantined']
  return renderTable(
    [{ title: 'applied' }, ...counts.map((title) => ({ title, align: 'right' }) as const)],
    applied.map(({ name, rows, quarantined, summary }) => {
      const { inserted, updated, unchanged, deleted, ignored } = summary
      return [name, rows, inserted, updated, unchanged, deleted, ignored, quarantined]
    }),
    view,
  )
}

function currentTable(tables: RunResult['tables'], view: TableView): string {
  return renderTable([{ title: 'table' }, { title: 'rows', align: 'right' }], Object.entries(tables), view)
}

const SKIPPED = {
  already_applied: 'skip: applied before',
  not_selected: 'skip: not selected',
  missing: 'skip: no such file',
} as const

const ACTIONS: Readonly<Record<Plan['action'], string>> = {
  nothing: 'would do nothing: everything is applied',
  apply: 'would apply what is new',
  rebuild: 'would replay everything',
  refresh: 'would rebuild reports and copies; no table changes',
}

/** What a run would do. */
export function planText({ action, apply, withdraw, skip, notes, copies }: RunPlan, view: TableView = {}): string {
  const rows = [
    ...copies.write.map((name) => [name, 'write the copy again: it is missing or differs']),
    ...copies.remove.map((name) => [name, 'remove the copy: no longer published']),
    ...apply.map(({ name, file }) => [name, file === null ? 'replay its kept rows' : 'apply']),
    ...withdraw.map(({ name }) => [name, 'withdraw its rows: the file is gone']),
    ...skip.map(({ name, reason }) => [name, SKIPPED[reason]]),
  ]
  const warnings = notes
    .filter(({ severity }) => severity === 'warning')
    .map(({ message }) => `  ${printable(message)}\n`)
  const told = warnings.length === 0 ? '' : `\n${counted(warnings.length, 'warning')}\n${warnings.join('')}`
  const hasCopies = copies.write.length + copies.remove.length > 0
  const what = hasCopies ? 'would repair copies: everything is applied' : ACTIONS[action]
  return `${what}\n\n${renderTable([{ title: 'file' }, { title: 'what would be done' }], rows, view)}${told}`
}
