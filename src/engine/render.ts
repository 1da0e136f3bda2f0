/**
 * Writes a plan as SQL of a dialect: one common table expression for each relation, under its own name.
 * @module
 */
import { isRecord, refuseUnless } from '../arguments.ts'
import type { ContractKind } from '../table/contract.ts'
import { formatWallTime } from '../time/instant.ts'
import type { Dialect } from './dialect.ts'
import type { Aggregate, Expression, WindowFunction } from './expression.ts'
import { columnsOf, type Projection, type Relation, relationsOf } from './relation.ts'

/** What outer spaces are: the characters that `trim` of JavaScript takes away. */
const SPACES =
  '\t\n\u000b\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'

/** What a backslash makes of characters that would end a literal. */
const ESCAPED: Readonly<Record<string, string>> = {
  ...{ '\\': '\\\\', "'": "\\'" },
  ...{ '\n': '\\n', '\r': '\\r', '\t': '\\t' },
}

/** Writes names, literals and expressions in one dialect. */
class Writer {
  readonly #dialect: Dialect

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  name(name: string): string {
    const { quote, spell } = this.#dialect
    return `${quote}${(spell?.(name) ?? name).replaceAll(quote, quote + quote)}${quote}`
  }

  /** A table of the engine, wherever it is. */
  table(table: string): string {
    const parts = this.#dialect.placeOf?.(table) ?? [table]
    return parts.map((part) => this.name(part)).join('.')
  }

  names(names: readonly string[]): string {
    return names.map((name) => this.name(name)).join(', ')
  }

  text(value: string): string {
    if (!this.#dialect.escapesBackslash) return `'${value.replaceAll("'", "''")}'`
    const escaped = value.replaceAll(/[\\'\n\r\t]/g, (found) => ESCAPED[found] ?? found)
    return `'${escaped}'`
  }

  /** Every name has its AS: a bare alias such as `action` is a word of some dialects. */
  projection(columns: Projection): string {
    return columns.map(([name, value]) => `  ${this.expression(value)} AS ${this.name(name)}`).join(',\n')
  }

  type(kind: ContractKind): string {
    return this.#dialect.types[kind]
  }

  expression(value: Expression): string {
    const write = (next: Expression): string => this.expression(next)
    switch (value.op) {
      case 'column':
        return this.name(value.name)
      case 'text':
        return this.text(value.value)
      case 'integer':
        return String(value.value)
      case 'instant':
        return this.#dialect.instant(formatWallTime(value.milliseconds).replace('T', ' '))
      case 'null':
        return `CAST(NULL AS ${this.type(value.kind)})`
      case 'and':
      case 'or':
        return `(${value.terms.map(write).join(` ${value.op.toUpperCase()} `)})`
      case 'not':
        return `(NOT ${write(value.of)})`
      case 'is null':
        return `(${write(value.of)} IS NULL)`
      case 'is nan':
        return `(${this.#dialect.isNan(write(value.of))})`
      case 'floor':
      case 'ceil':
      case 'lower':
        return `${value.op.toUpperCase()}(${write(value.of)})`
      case 'trim':
        return this.#dialect.trim(write(value.of), this.text(SPACES))
      case 'in':
        return `(${write(value.of)} IN (${value.values.map(write).join(', ')}))`
      case 'coalesce':
        return `COALESCE(${value.terms.map(write).join(', ')})`
      case 'cast':
        return `CAST(${write(value.of)} AS ${this.type(value.kind)})`
      case 'case': {
        const branches = value.branches.map(({ when, gives }) => `WHEN ${write(when)} THEN ${write(gives)}`)
        return `CASE ${branches.join(' ')} ELSE ${write(value.otherwise)} END`
      }
      case 'sum':
      case 'min':
      case 'max':
      case 'count':
        return this.#aggregate(value)
      case 'window':
        return this.#window(value)
      default:
        return `(${write(value.left)} ${value.op} ${write(value.right)})`
    }
  }

  #aggregate({ op, of }: Aggregate): string {
    if (of === null) return 'COUNT(*)'
    const figure = `${op.toUpperCase()}(${this.expression(of)})`
    // a sum of 64-bit numbers is wider in some engines
    return op === 'sum' ? `CAST(${figure} AS ${this.type('int64')})` : figure
  }

  #window({ figure, partition }: WindowFunction): string {
    const rows = `PARTITION BY ${this.names(partition)}`
    if (figure.op === 'row number') return `ROW_NUMBER() OVER (${rows} ORDER BY ${this.name(figure.latestBy)} DESC)`
    return `${this.#aggregate(figure)} OVER (${rows})`
  }
}

function queryOf(relation: Relation, writer: Writer): string {
  switch (relation.op) {
    case 'scan':
      return `SELECT ${writer.names(relation.columns)}\nFROM ${writer.table(relation.table)}`
    case 'filter': {
      const columns = writer.names(columnsOf(relation))
      return `SELECT ${columns}\nFROM ${writer.name(relation.of.name)}\nWHERE ${writer.expression(relation.where)}`
    }
    case 'project':
      return `SELECT\n${writer.projection(relation.columns)}\nFROM ${writer.name(relation.of.name)}`
    case 'group': {
      const keys: Projection = relation.keys.map((name) => [name, { op: 'column', name }])
      const select = writer.projection([...keys, ...relation.figures])
      return `SELECT\n${select}\nFROM ${writer.name(relation.of.name)}\nGROUP BY ${writer.names(relation.keys)}`
    }
    case 'left join': {
      const { left, right, on, select } = relation
      const [from, to] = [writer.name(left.name), writer.name(right.name)]
      const columns = [
        ...columnsOf(left).map((name) => `  ${from}.${writer.name(name)} AS ${writer.name(name)}`),
        ...Object.entries(select).map(([name, of]) => `  ${to}.${writer.name(of)} AS ${writer.name(name)}`),
      ]
      const condition = `${from}.${writer.name(on[0])} = ${to}.${writer.name(on[1])}`
      return `SELECT\n${columns.join(',\n')}\nFROM ${from}\nLEFT JOIN ${to} ON ${condition}`
    }
    case 'semi join': {
      const { of, keys, on } = relation
      const [rows, known] = [writer.name(of.name), writer.name(keys.name)]
      const condition = on.map((name) => `${known}.${writer.name(name)} = ${rows}.${writer.name(name)}`).join(' AND ')
      const columns = writer.names(columnsOf(of))
      return `SELECT ${columns}\nFROM ${rows}\nWHERE EXISTS (SELECT 1 FROM ${known} WHERE ${condition})`
    }
    case 'union all': {
      const columns = writer.names(columnsOf(relation))
      const [first, second] = [relation.first, relation.second].map(({ name }) => writer.name(name))
      return `SELECT ${columns}\nFROM ${first}\nUNION ALL\nSELECT ${columns}\nFROM ${second}`
    }
  }
}

const indented = (query: string): string => query.replaceAll('\n', '\n  ')

/** A column by which rows are sorted: numbers and moments ascending, text by its bytes. */
export interface SortColumn {
  readonly column: string
  readonly isText: boolean
}

function refuseNoPlan(relation: Relation): void {
  refuseUnless(
    isRecord(relation) && typeof relation.op === 'string',
    'relation',
    relation,
    'a plan, such as foldPlan gives',
  )
}

function refuseNoDialect(dialect: Dialect): void {
  refuseUnless(isRecord(dialect) && isRecord(dialect.types), 'dialect', dialect, 'what dialectOf gives')
}

/**
 * Returns the query of a plan in a dialect, one common table expression for each step. Its rows come in the order of `orderBy`,
 * in any order where it is left out.
 *
 * @throws ContractError invalid_option - it is no plan, or no dialect
 * @example
 * import { defineTable, key, string } from 'support-etl'
 * import { dialectOf, foldPlan, ORDER, renderQuery } from 'support-etl/engine'
 *
 * const halls = defineTable('halls', { hall_id: key(string()) })
 * const plan = foldPlan(halls, { staged: 'staged_halls' })
 * renderQuery(plan, dialectOf('spark'), [{ column: ORDER, isText: false }]).endsWith('ORDER BY `_order`') // true
 */
export function renderQuery(relation: Relation, dialect: Dialect, orderBy: readonly SortColumn[] = []): string {
  refuseNoPlan(relation)
  refuseNoDialect(dialect)
  refuseUnless(Array.isArray(orderBy), 'orderBy', orderBy, 'a list of columns')
  const writer = new Writer(dialect)
  const steps = relationsOf(relation).map(
    (step) => `${writer.name(step.name)} AS (\n  ${indented(queryOf(step, writer))}\n)`,
  )
  const order = orderBy.map(({ column, isText }) =>
    isText ? dialect.inByteOrder(writer.name(column)) : writer.name(column),
  )
  const last = order.length === 0 ? '' : `\nORDER BY ${order.join(', ')}`
  const select = `SELECT ${writer.names(columnsOf(relation))}\nFROM ${writer.name(relation.name)}${last}`
  return `WITH ${steps.join(',\n')}\n${select}${dialect.settings}`
}

/**
 * Returns the statements that make a table of a plan, in the place of the one of this name.
 *
 * @throws ContractError invalid_option - it is no name, no plan, or no dialect
 * @example
 * import { defineTable, key, string } from 'support-etl'
 * import { dialectOf, foldPlan, renderReplace } from 'support-etl/engine'
 *
 * const halls = defineTable('halls', { hall_id: key(string()) })
 * const [first] = renderReplace('halls', foldPlan(halls, { staged: 'staged_halls' }), dialectOf('duckdb'))
 * first?.split('\n')[0] // 'CREATE OR REPLACE TABLE "halls" AS'
 */
export function renderReplace(table: string, relation: Relation, dialect: Dialect): readonly string[] {
  refuseUnless(typeof table === 'string', 'table', table, 'the name of a table')
  refuseNoPlan(relation)
  refuseNoDialect(dialect)
  return dialect.replaceTable(new Writer(dialect).table(table), renderQuery(relation, dialect))
}

/** Returns the statement that makes a table of a plan, where there is none of this name. */
export function renderCreateAs(table: string, relation: Relation, dialect: Dialect): string {
  return dialect.createTable(new Writer(dialect).table(table), renderQuery(relation, dialect))
}

/** Returns the statement that adds the rows of a plan to a table that has its columns. */
export function renderInsert(table: string, relation: Relation, dialect: Dialect): string {
  const writer = new Writer(dialect)
  const columns = writer.names(columnsOf(relation))
  return `INSERT INTO ${writer.table(table)} (${columns})\n${renderQuery(relation, dialect)}`
}

/** Returns the statement that replaces all rows of a table by those of a plan, which has its columns in their order. */
export function renderOverwrite(table: string, relation: Relation, dialect: Dialect): string {
  return `INSERT OVERWRITE ${new Writer(dialect).table(table)}\n${renderQuery(relation, dialect)}`
}

/** Returns the statement that removes the rows of a table whose key another table has. */
export function renderDelete(table: string, keys: string, on: readonly string[], dialect: Dialect): string {
  const writer = new Writer(dialect)
  const [held, known] = [writer.name('held'), writer.name('known')]
  const condition = on.map((name) => `${known}.${writer.name(name)} = ${held}.${writer.name(name)}`).join(' AND ')
  const found = `SELECT 1 FROM ${writer.table(keys)} AS ${known} WHERE ${condition}`
  return `DELETE FROM ${writer.table(table)} AS ${held}\nWHERE EXISTS (${found})`
}

/** Returns the statement that removes the rows of a table for which a condition holds. */
export function renderRemove(table: string, where: Expression, dialect: Dialect): string {
  const writer = new Writer(dialect)
  return `DELETE FROM ${writer.table(table)} WHERE ${writer.expression(where)}`
}

/** Returns the statement that writes a value into a column, in the rows for which a condition holds. */
export function renderSet(table: string, column: string, value: Expression, where: Expression, dialect: Dialect) {
  const writer = new Writer(dialect)
  const set = `${writer.name(column)} = ${writer.expression(value)}`
  return `UPDATE ${writer.table(table)} SET ${set} WHERE ${writer.expression(where)}`
}

/** Returns a name, the place of a table, or a text, as the dialect writes it. */
export function quoted(what: 'name' | 'table' | 'text', value: string, dialect: Dialect): string {
  return new Writer(dialect)[what](value)
}

/**
 * Returns the statement that creates a table with these columns.
 *
 * @throws ContractError invalid_option - it is no name, no list of columns, or no dialect
 * @example
 * import { dialectOf, renderCreate } from 'support-etl/engine'
 *
 * renderCreate('halls', [['hall_id', 'text']], dialectOf('bigquery')) // 'CREATE TABLE `halls` (\n  `hall_id` STRING\n)'
 */
export function renderCreate(
  table: string,
  columns: readonly (readonly [name: string, kind: ContractKind])[],
  dialect: Dialect,
): string {
  refuseUnless(typeof table === 'string', 'table', table, 'the name of a table')
  refuseUnless(Array.isArray(columns), 'columns', columns, 'a list of names and kinds')
  refuseNoDialect(dialect)
  const writer = new Writer(dialect)
  const lines = columns.map(([name, kind]) => `  ${writer.name(name)} ${writer.type(kind)}`)
  const engine = dialect.name === 'clickhouse' ? ' ENGINE = MergeTree ORDER BY tuple()' : ''
  return `CREATE TABLE ${writer.table(table)} (\n${lines.join(',\n')}\n)${engine}`
}
