/**
 * `support-etl calls generate`: writes the log of a made-up call center.
 * @module
 */
import { ConnectError } from '../../../errors.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { parseCount } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { placedFolder } from '../../../terminal/text/placed.ts'
import { renderJson } from '../../../terminal/text/render.ts'
import { renderTable } from '../../../terminal/text/text-table.ts'
import { callLog } from '../sample/call-log.ts'

interface GenerateValues {
  readonly calls: string
  readonly out: string
  readonly seed: string
  readonly days: string
  readonly json?: true
}

/** Writes the files and lists them. Refuses to overwrite existing files: they may be real. */
export async function callsGenerate({ out, json, ...numbers }: GenerateValues, terminal: Terminal): Promise<ExitCode> {
  const options = {
    calls: parseCount('--calls', numbers.calls),
    seed: parseCount('--seed', numbers.seed),
    days: parseCount('--days', numbers.days),
  }
  const files = callLog(options)
  const store = placedFolder('--out', out)
  const sizeOf = async (wanted: string) => (await store.list(wanted)).find(({ name }) => name === wanted)?.size
  for (const { name } of files) {
    if ((await sizeOf(name)) === undefined) continue
    throw new ConnectError('path_invalid', `${out} already holds ${name}; choose another folder with --out`)
  }
  for (const { name, chunks } of files) {
    terminal.progress(`writing ${out}/${name}`)
    await store.write(name, chunks())
  }
  const made = await Promise.all(files.map(async ({ name }) => ({ name, size: (await sizeOf(name)) ?? 0 })))
  const columns = [{ title: `file in ${out}` }, { title: 'bytes', align: 'right' as const }]
  await terminal.print(
    json
      ? renderJson({ out, ...options, files: made })
      : renderTable(
          columns,
          made.map(({ name, size }) => [name, size]),
          terminal.view,
        ),
  )
  return EXIT.done
}
