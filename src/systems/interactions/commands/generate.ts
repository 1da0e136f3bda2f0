/**
 * `support-etl interactions generate`: writes the files of made-up customers.
 * @module
 */
import { ConnectError } from '../../../errors.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { parseCount } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { placedFolder } from '../../../terminal/text/placed.ts'
import { renderJson } from '../../../terminal/text/render.ts'
import { renderTable } from '../../../terminal/text/text-table.ts'
import { interactionFiles } from '../sample/interaction-files.ts'

interface GenerateValues {
  readonly interactions: string
  readonly customers?: string
  readonly seed: string
  readonly out: string
  readonly json?: true
}

/** Writes the files and lists them. Refuses to overwrite existing files: they may be real. */
export async function generate({ out, json, ...numbers }: GenerateValues, terminal: Terminal): Promise<ExitCode> {
  const options = {
    interactions: parseCount('--interactions', numbers.interactions),
    ...(numbers.customers !== undefined && { customers: parseCount('--customers', numbers.customers) }),
    seed: parseCount('--seed', numbers.seed),
  }
  const files = interactionFiles(options)
  const store = placedFolder('--out', out)
  const sizeOf = async (wanted: string) => (await store.list(wanted)).find(({ name }) => name === wanted)?.size
  for (const { name } of files) {
    if ((await sizeOf(name)) === undefined) continue
    throw new ConnectError('path_invalid', `${out} already holds ${name}; choose another folder with --out`)
  }
  const made: { readonly name: string; readonly size: number }[] = []
  for (const { name, chunks } of files) {
    terminal.progress(`writing ${out}/${name}`)
    await store.write(name, chunks())
    made.push({ name, size: (await sizeOf(name)) ?? 0 })
  }
  const columns = [{ title: `file in ${out}` }, { title: 'bytes', align: 'right' as const }]
  const rows = made.map(({ name, size }) => [name, size])
  await terminal.print(json ? renderJson({ out, ...options, files: made }) : renderTable(columns, rows, terminal.view))
  return EXIT.done
}
