/** Staged changes as statements that any engine takes. */
import { type Dialect, renderCreate, STAGED } from '../../src/engine/index.ts'
import type { ContractKind, TableContract } from '../../src/table/contract.ts'

type Value = string | number | boolean | null

export interface StagedChange {
  readonly action: 'add' | 'update' | 'delete'
  /** Timestamps are epoch milliseconds. A column that is not there is null. */
  readonly row: Readonly<Record<string, Value>>
}

export interface StagedTable {
  readonly name: string
  readonly contract: TableContract
  /** The changes of each file, the extract first. */
  readonly files: readonly (readonly StagedChange[])[]
}

function literal(value: Value | undefined, kind: ContractKind, dialect: Dialect): string {
  if (value === null || value === undefined) return `CAST(NULL AS ${dialect.types[kind]})`
  if (kind === 'timestamp')
    return dialect.instant(new Date(value as number).toISOString().slice(0, -1).replace('T', ' '))
  if (kind === 'float64') return `CAST('${Object.is(value, -0) ? '-0.0' : value}' AS ${dialect.types[kind]})`
  if (typeof value !== 'string') return String(value)
  const text = dialect.escapesBackslash
    ? value.replace(/[\\'\n\r\t]/g, (found) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[found] ?? `\\${found}`)
    : value.replaceAll("'", "''")
  return `'${text}'`
}

export function stagingStatements({ name, contract, files }: StagedTable, dialect: Dialect): readonly string[] {
  const columns: [string, ContractKind][] = [
    ...Object.entries(contract.columns).map(([column, { kind }]): [string, ContractKind] => [column, kind]),
    ...Object.entries(STAGED),
  ]
  const { quote } = dialect
  const quoted = (text: string): string => `${quote}${text}${quote}`
  const rows = files.flatMap((changes, _batch) =>
    changes.map(({ action, row }, _seq) => {
      const cells: Readonly<Record<string, Value>> = { ...row, _batch, _seq, _action: action }
      return `(${columns.map(([column, kind]) => literal(cells[column], kind, dialect)).join(', ')})`
    }),
  )
  const statements = [`DROP TABLE IF EXISTS ${quoted(name)}`, renderCreate(name, columns, dialect)]
  if (rows.length > 0) statements.push(`INSERT INTO ${quoted(name)} VALUES ${rows.join(', ')}`)
  return statements
}
