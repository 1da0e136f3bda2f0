/**
 * `support-etl complaints generate`: writes a made-up world.
 * @module
 */
import { folderStore } from '../../../connect/files/folder-store.ts'
import { ConnectError } from '../../../errors.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { parseCount } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { renderJson } from '../../../terminal/text/render.ts'
import { renderTable } from '../../../terminal/text/text-table.ts'
import type { WorldFile } from '../sample/shapes.ts'
import { complaintsWorld, type WorldOptions } from '../sample/world.ts'
import { isDatabase, loadForms } from './form-tables.ts'

interface GenerateValues {
  readonly out: string
  readonly days: string
  readonly customers: string
  readonly profile: 'faithful' | 'adversarial'
  readonly seed: string
  readonly firstDay: string
  readonly forms?: string
  readonly formsSchema: string
  readonly json?: true
}

/** Writes the files and lists them. Refuses a folder that has a file of the world: it may be real. */
export async function complaintsGenerate(values: GenerateValues, terminal: Terminal): Promise<ExitCode> {
  const { out, profile, firstDay, forms, formsSchema, json } = values
  if (forms !== undefined && !isDatabase(forms)) {
    throw new ConnectError('path_invalid', '--forms names no database; use postgres://user@host/database')
  }
  const options: WorldOptions = {
    days: parseCount('--days', values.days),
    customers: parseCount('--customers', values.customers),
    seed: parseCount('--seed', values.seed),
    ...{ profile, firstDay },
  }
  const all = complaintsWorld(options)
  const isTable = ({ name }: WorldFile): boolean => forms !== undefined && name.startsWith('web_forms/')
  const files = all.filter((file) => !isTable(file))
  const store = folderStore(out)
  const there = new Set((await store.list('')).map(({ name }) => name))
  const taken = files.find(({ name }) => there.has(name))
  if (taken !== undefined) {
    throw new ConnectError(
      'path_invalid',
      `${printable(out)} already holds ${taken.name}; choose another folder with --out`,
    )
  }
  for (const { name, chunks } of files) {
    terminal.progress(`writing ${out}/${name}`)
    await store.write(name, chunks())
  }
  if (forms !== undefined) await loadForms(forms, formsSchema, all.filter(isTable))
  const sizes = new Map((await store.list('')).map(({ name, size }) => [name, size]))
  const made = files.map(({ name }) => ({ name, size: sizes.get(name) ?? 0 }))
  const columns = [{ title: `file in ${printable(out)}` }, { title: 'bytes', align: 'right' as const }]
  const table = (): string =>
    renderTable(
      columns,
      made.map(({ name, size }) => [name, size]),
      terminal.view,
    )
  await terminal.print(json ? renderJson({ out, ...options, files: made }) : table())
  return EXIT.done
}
