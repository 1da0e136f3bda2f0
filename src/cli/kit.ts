/**
 * `support-etl kit`: copies files that people run a system with, such as an Airflow DAG, into a folder of theirs.
 * @module
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConnectError, ContractError } from '../errors.ts'
import { packageFolder } from '../isolate/package-file.ts'
import { meantText } from '../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../terminal/exit-code.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { printable } from '../terminal/text/lines.ts'
import { counted, renderJson } from '../terminal/text/render.ts'
import { renderTable } from '../terminal/text/text-table.ts'
import { type CopiedFile, copyFiles, filesBelow } from './copied-files.ts'

interface KitValues {
  readonly folder?: string
  readonly for?: string
  readonly json?: true
}

const kitsFolder = (): string => join(packageFolder(), 'kit')

/** The names of the kits that this package ships. */
function kitNames(): string[] {
  const entries = readdirSync(kitsFolder(), { withFileTypes: true })
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
}

/** Refuses what is missing or misspelled. @throws ContractError invalid_option */
function chosenKit({ folder, for: kit }: KitValues): { readonly folder: string; readonly kit: string } {
  const names = kitNames()
  if (folder === undefined) {
    throw new ContractError('invalid_option', 'name the folder to copy into, such as: kit my-folder --for transcripts')
  }
  if (kit === undefined) throw new ContractError('invalid_option', `--for: ${meantText('', names)}`)
  if (!names.includes(kit))
    throw new ContractError('invalid_option', `--for: there is no kit "${kit}": ${meantText(kit, names)}`)
  if (folder.includes('://')) {
    throw new ConnectError('path_invalid', 'a kit is copied into a folder of this machine, and not to an address')
  }
  return { folder, kit }
}

/**
 * Copies the files of a kit. A file that is there already stays: equal ones are left alone, and one with other content refuses
 * the whole copy before anything is written.
 */
export async function kit(values: KitValues, terminal: Terminal): Promise<ExitCode> {
  const { folder, kit: name } = chosenKit(values)
  const files = filesBelow(join(kitsFolder(), name))
  const copied = await copyFiles(files, folder, 'Choose another folder, or move the file')
  await terminal.print(
    values.json ? renderJson({ kit: name, folder, files: copied }) : terminal.fit(text(folder, copied, terminal)),
  )
  return EXIT.done
}

function text(folder: string, files: readonly CopiedFile[], { view }: Terminal): string {
  const columns = [
    { title: `file in ${printable(folder)}` },
    { title: 'bytes', align: 'right' as const },
    { title: '' },
  ]
  const rows = files.map(({ name, bytes, status }) => [name, bytes, status])
  const readme = files.find(({ name }) => name === 'README.md')
  const next = readme === undefined ? '' : `\nREADME.md says what each is for and how it is run\n`
  const count = counted(files.filter(({ status }) => status === 'copied').length, 'file')
  return `${renderTable(columns, rows, view)}\n${count} copied\n${next}`
}
