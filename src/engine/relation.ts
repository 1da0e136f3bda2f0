/**
 * What a table is made of, as a value: each relation names the ones it reads, and nothing says how an engine computes it.
 * @module
 */
import type { Expression } from './expression.ts'

/** Columns of a relation by name, each with what it holds, in their order. */
export type Projection = readonly (readonly [name: string, Expression])[]

/** A relation of a plan. `name` is what the SQL calls it; names are unique in a plan. */
export type Relation =
  | { readonly op: 'scan'; readonly name: string; readonly table: string; readonly columns: readonly string[] }
  | { readonly op: 'filter'; readonly name: string; readonly of: Relation; readonly where: Expression }
  | { readonly op: 'project'; readonly name: string; readonly of: Relation; readonly columns: Projection }
  | {
      readonly op: 'group'
      readonly name: string
      readonly of: Relation
      readonly keys: readonly string[]
      readonly figures: Projection
    }
  | {
      readonly op: 'left join'
      readonly name: string
      readonly left: Relation
      readonly right: Relation
      /** The column of the left relation, and that of the right one. */
      readonly on: readonly [left: string, right: string]
      /** Columns of the right relation, by their name in the result; null where no row is found. */
      readonly select: Readonly<Record<string, string>>
    }
  /** The rows whose columns `on` have values that a row of `keys` has. */
  | {
      readonly op: 'semi join'
      readonly name: string
      readonly of: Relation
      readonly keys: Relation
      readonly on: readonly string[]
    }
  /** The rows of two relations with the same columns. */
  | { readonly op: 'union all'; readonly name: string; readonly first: Relation; readonly second: Relation }

/** The names of a relation's columns, in their order. */
export function columnsOf(relation: Relation): readonly string[] {
  switch (relation.op) {
    case 'scan':
      return relation.columns
    case 'filter':
    case 'semi join':
      return columnsOf(relation.of)
    case 'union all':
      return columnsOf(relation.first)
    case 'project':
      return relation.columns.map(([name]) => name)
    case 'group':
      return [...relation.keys, ...relation.figures.map(([name]) => name)]
    case 'left join':
      return [...columnsOf(relation.left), ...Object.keys(relation.select)]
  }
}

/** The relations that a relation reads. */
function partsOf(relation: Relation): readonly Relation[] {
  switch (relation.op) {
    case 'scan':
      return []
    case 'left join':
      return [relation.left, relation.right]
    case 'semi join':
      return [relation.of, relation.keys]
    case 'union all':
      return [relation.first, relation.second]
    default:
      return [relation.of]
  }
}

/** The relations that a relation is made of, each once, those that are read before those that read them; itself the last. */
export function relationsOf(relation: Relation): readonly Relation[] {
  const found = new Set<Relation>()
  const visit = (next: Relation): void => {
    if (found.has(next)) return
    for (const part of partsOf(next)) visit(part)
    found.add(next)
  }
  visit(relation)
  return [...found]
}
