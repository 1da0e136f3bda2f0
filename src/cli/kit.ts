/**
 * `support-etl kit`: copies files that people run a system with, such as an Airflow DAG, into a folder of theirs.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { folderStore } from '../connect/files/folder-store.ts'
import { ConnectError, ContractError } from '../errors.ts'
import { packageFolder } from '../isolate/package-file.ts'
import { meantText } from '../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../terminal/exit-code.ts'
import { printable } from '../terminal/lines.ts'
import { counted, renderJson } from '../terminal/render.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { renderTable } from '../terminal/text-table.ts'

interface KitValues {
  readonly folder?: string
  readonly for?: string
  readonly json?: true
}

/** One file of a kit, and what became of it. */
interface CopiedFile {
  readonly name: string
  readonly bytes: number
  /** `unchanged`: the folder had it already, byte by byte. */
  readonly status: 'copied' | 'unchanged'
}

const kitsFolder = (): string => join(packageFolder(), 'kit')

/** The names of the kits that this package ships. */
function kitNames(): string[] {
  const entries = readdirSync(kitsFolder(), { withFileTypes: true })
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
}

/** The files of a kit by name, in order. */
function filesOf(kit: string): { readonly name: string; readonly bytes: Uint8Array }[] {
  const root = join(kitsFolder(), kit)
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const names = entries.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')).sort()
  return names.map((name) => ({ name, bytes: readFileSync(join(root, name)) }))
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
  const files = filesOf(name)
  const present = files.filter((file) => existsSync(join(folder, file.name)))
  const equal = new Set(
    present.filter((file) => readFileSync(join(folder, file.name)).equals(file.bytes)).map((file) => file.name),
  )
  const other = present.find((file) => !equal.has(file.name))
  if (other !== undefined) {
    throw new ConnectError(
      'file_exists',
      `${folder} has a ${other.name} with other content; nothing was copied. Choose another folder, or move the file`,
    )
  }
  const store = folderStore(folder)
  const copied: CopiedFile[] = []
  for (const { name: file, bytes } of files) {
    const isEqual = equal.has(file)
    if (!isEqual) await store.write(file, [bytes])
    copied.push({ name: file, bytes: bytes.length, status: isEqual ? 'unchanged' : 'copied' })
  }
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
