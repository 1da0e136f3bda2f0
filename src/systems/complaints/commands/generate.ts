/**
 * `support-etl complaints generate`: writes a made-up world.
 * @module
 */
import { folderStore } from '../../../connect/files/folder-store.ts'
import { ConnectError } from '../../../errors.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { parseCount } from '../../../terminal/option-values.ts'
import { printable, renderJson, renderTable } from '../../../terminal/render.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { complaintsWorld, type WorldOptions } from '../sample/world.ts'

interface GenerateValues {
  readonly out: string
  readonly days: string
  readonly customers: string
  readonly profile: 'faithful' | 'adversarial'
  readonly seed: string
  readonly firstDay: string
  readonly json?: true
}

/** Writes the files and lists them. Refuses a folder that has a file of the world: it may be real. */
export async function complaintsGenerate(values: GenerateValues, terminal: Terminal): Promise<ExitCode> {
  const { out, profile, firstDay, json } = values
  const options: WorldOptions = {
    days: parseCount('--days', values.days),
    customers: parseCount('--customers', values.customers),
    seed: parseCount('--seed', values.seed),
    ...{ profile, firstDay },
  }
  const files = complaintsWorld(options)
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
  const sizes = new Map((await store.list('')).map(({ name, size }) => [name, size]))
  const made = files.map(({ name }) => ({ name, size: sizes.get(name) ?? 0 }))
  const columns = [{ title: `file in ${printable(out)}` }, { title: 'bytes', align: 'right' as const }]
  const table = (): string =>
    renderTable(
      columns,
      made.map(({ name, size }) => [name, size]),
    )
  await terminal.print(json ? renderJson({ out, ...options, files: made }) : table())
  return EXIT.done
}
