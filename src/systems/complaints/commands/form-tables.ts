/**
 * Web forms in a database: a table a day.
 * @module
 */
import type { FileStore } from '../../../connect/file-store.ts'
import type { Database } from '../../../connect/postgres/database.ts'
import { connectServer } from '../../../connect/postgres/server.ts'
import { tableFiles } from '../../../connect/postgres/table-files.ts'
import { isParameterPath, parameterPath, readParameters } from '../../../connect/ssm/parameter-store.ts'
import { ConnectError } from '../../../errors.ts'
import { csvReader } from '../../../format/csv/read/reader.ts'
import type { Job } from '../../../pipeline/job/job.ts'
import { defineTable, nullable, string } from '../../../table/contract.ts'
import { columnOf } from '../../../table/frame.ts'
import type { WorldFile } from '../sample/shapes.ts'
import { rawWebForms, WEB_FORM_ALIASES } from '../tables.ts'

const TABLES = 'web_form_request_'

/** Days of web forms that are looked at again for other content: a database does not say when a table changed. */
const RECHECKED_DAYS = 3

/** The schema of the tables, unless another one is named. */
export const FORMS_SCHEMA = 'customer_complaints'

/** Whether an address is that of a database, and not of a folder. */
export function isDatabase(address: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(address)
}

/** Whether web forms at an address are tables of a database: its own address, or the parameters that say it. */
export function areTables(address: string): boolean {
  return isDatabase(address) || isParameterPath(address)
}

/** Where tables are. */
interface FormTables {
  readonly url: string
  readonly schema: string
}

/** What the parameter store knows of the database. */
const PARAMETERS = ['db_host', 'db_port', 'db_username', 'db_password', 'db_name'] as const
const SCHEMA_PARAMETER = 'table_schema_name'

/** What a value has to look like; any value may hold anything but line ends. */
const SHAPES: Readonly<Record<string, readonly [shape: RegExp, expected: string]>> = {
  db_host: [/^(?:[A-Za-z0-9._-]+|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)$/, "a host's name or address"],
  db_port: [/^[1-9]\d{0,4}$/, 'a port number'],
}
const ANY = [/^[^\r\n]+$/, 'a text without line ends'] as const

/** Reads where tables are from the parameter store; a schema that is given is not asked for. */
async function storedTables(address: string, schema: string | undefined): Promise<FormTables> {
  const path = parameterPath(address)
  const names = schema === undefined ? [...PARAMETERS, SCHEMA_PARAMETER] : PARAMETERS
  const values: Readonly<Record<string, string>> = await readParameters<string>(path, names)
  const of = (name: string): string => {
    const value = values[name] ?? ''
    const [shape, expected] = SHAPES[name] ?? ANY
    if (shape.test(value)) return value
    // the value itself may be a secret that was stored under the wrong name
    throw new ConnectError('invalid_option', `parameter ${path}/${name} is not ${expected}; store it again`)
  }
  const host = of('db_host')
  const who = ['db_username', 'db_password'].map((name) => encodeURIComponent(of(name))).join(':')
  const where = `${host.includes(':') ? `[${host}]` : host}:${of('db_port')}`
  const url = `postgres://${who}@${where}/${encodeURIComponent(of('db_name'))}`
  return { url, schema: schema ?? of(SCHEMA_PARAMETER) }
}

/** Opens the web forms of a database as files; `close` ends its connection. */
export async function openForms(
  address: string,
  named: string | undefined,
): Promise<{ readonly store: FileStore; readonly close: () => Promise<void> }> {
  const { url, schema } = isParameterPath(address)
    ? await storedTables(address, named)
    : { url: address, schema: named ?? FORMS_SCHEMA }
  const database = await connectServer(url)
  const store = tableFiles(database, { schema, prefix: TABLES, orderBy: 'request_id' })
  return { store, close: () => database.close() }
}

/** The job over web forms of a database: only the last days, and those that a run names, are read again. */
export function recheckingJob<Given extends Job>(job: Given): Given {
  const forms = job.tables.raw_web_forms
  if (forms?.source.kind !== 'partitions') throw new Error('web forms are delivered by day')
  const source = { ...forms.source, recheck: RECHECKED_DAYS }
  return { ...job, tables: { ...job.tables, raw_web_forms: { ...forms, source } } }
}

/** All cells of a form as text: a database takes what the contract would set aside. */
const TEXTS = defineTable(
  'web_form_texts',
  Object.fromEntries(Object.keys(rawWebForms.columns).map((name) => [name, nullable(string({ encoding: 'plain' }))])),
)

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function bytesOf({ chunks }: WorldFile): Uint8Array[] {
  return [...chunks()]
}

/** A cell in COPY's text format. */
function copyCell(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  return String(value).replace(
    /[\\\t\n\r]/g,
    (mark) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[mark] ?? mark,
  )
}

async function loadTable(database: Database, schema: string, file: WorldFile): Promise<void> {
  const table = file.name.slice(file.name.lastIndexOf('/') + 1).replace(/\.csv$/, '')
  const chunks = bytesOf(file)
  const [header = ''] = new TextDecoder().decode(chunks[0]).split('\n', 1)
  const reader = csvReader({
    contract: TEXTS,
    file: file.name,
    columnAliases: WEB_FORM_ALIASES,
    missingColumns: 'error',
  })
  for (const chunk of chunks) reader.push(chunk)
  const { frame } = reader.end()
  const aliases: Readonly<Record<string, string>> = WEB_FORM_ALIASES
  const names = header.split(',')
  const columns = names.map((name) => columnOf(frame, Object.hasOwn(aliases, name) ? (aliases[name] as string) : name))
  const place = `${quoted(schema)}.${quoted(table)}`
  await database.transaction(async (transaction) => {
    await transaction.query(`CREATE TABLE ${place} (${names.map((name) => `${quoted(name)} text`).join(', ')})`)
    await transaction.copyIn(
      place,
      (function* () {
        const encoder = new TextEncoder()
        for (let row = 0; row < frame.rows; row++)
          yield encoder.encode(`${columns.map((column) => copyCell(column.at(row))).join('\t')}\n`)
      })(),
    )
  })
}

/**
 * Writes the web forms of a made-up world into a database, a table a day.
 * @throws ConnectError file_exists - the schema has one of the tables: it may be real
 */
export async function loadForms(url: string, schema: string, files: readonly WorldFile[]): Promise<void> {
  const database = await connectServer(url)
  try {
    await database.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`)
    const known = await tableFiles(database, { schema, prefix: TABLES, orderBy: 'request_id' }).list('')
    const names = new Set(known.map(({ name }) => `web_forms/${name}`))
    const taken = files.find(({ name }) => names.has(name))
    if (taken !== undefined) {
      throw new ConnectError(
        'path_invalid',
        `schema ${schema} already has the table of ${taken.name}; name another schema or database`,
      )
    }
    for (const file of files) await loadTable(database, schema, file)
  } finally {
    await database.close()
  }
}
