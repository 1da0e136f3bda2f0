/**
 * What is computed of a row, as a value that no dialect has touched yet.
 * @module
 */
import type { ContractKind } from '../table/contract.ts'

/** What stands between two expressions. `/` divides doubles. */
export type Operator = '=' | '<' | '>' | '+' | '-' | '*' | '/'

/** An expression over the columns of one relation. */
export type Expression =
  | { readonly op: 'column'; readonly name: string }
  | { readonly op: 'text'; readonly value: string }
  | { readonly op: 'integer'; readonly value: number }
  | { readonly op: 'instant'; readonly milliseconds: number }
  | { readonly op: 'null'; readonly kind: ContractKind }
  | { readonly op: 'and' | 'or'; readonly terms: readonly Expression[] }
  | { readonly op: 'not' | 'is null' | 'is nan' | 'floor' | 'ceil' | 'lower' | 'trim'; readonly of: Expression }
  | {
      readonly op: Operator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly op: 'in'; readonly of: Expression; readonly values: readonly Expression[] }
  | { readonly op: 'coalesce'; readonly terms: readonly Expression[] }
  | { readonly op: 'cast'; readonly of: Expression; readonly kind: ContractKind }
  | { readonly op: 'case'; readonly branches: readonly CaseBranch[]; readonly otherwise: Expression }
  | Aggregate
  | WindowFunction

/** One `WHEN … THEN …`. */
export interface CaseBranch {
  readonly when: Expression
  readonly gives: Expression
}

/** A figure of the rows of a group. `sum` takes whole numbers and gives a 64-bit one; `count` counts rows. */
export interface Aggregate {
  readonly op: 'sum' | 'min' | 'max' | 'count'
  /** Null for `count`. */
  readonly of: Expression | null
}

/** The least or the greatest value. */
export interface Extreme extends Aggregate {
  readonly op: 'min' | 'max'
}

/** A figure of the rows that share the columns of `partition`, beside each of them. */
export interface WindowFunction {
  readonly op: 'window'
  readonly figure: Extreme | { readonly op: 'row number'; readonly latestBy: string }
  readonly partition: readonly string[]
}

export const column = (name: string): Expression => ({ op: 'column', name })
export const text = (value: string): Expression => ({ op: 'text', value })
export const integer = (value: number): Expression => ({ op: 'integer', value })
export const nothing = (kind: ContractKind): Expression => ({ op: 'null', kind })
export const and = (...terms: readonly Expression[]): Expression => ({ op: 'and', terms })
export const or = (...terms: readonly Expression[]): Expression => ({ op: 'or', terms })
export const not = (of: Expression): Expression => ({ op: 'not', of })
export const isNull = (of: Expression): Expression => ({ op: 'is null', of })
export const coalesce = (...terms: readonly Expression[]): Expression => ({ op: 'coalesce', terms })
export const cast = (of: Expression, kind: ContractKind): Expression => ({ op: 'cast', of, kind })
export const max = (of: Expression): Extreme => ({ op: 'max', of })
export const min = (of: Expression): Extreme => ({ op: 'min', of })
export const sum = (of: Expression): Aggregate => ({ op: 'sum', of })
export const COUNT: Aggregate = { op: 'count', of: null }

/** Returns `left op right`. */
export function compare(left: Expression, op: Operator, right: Expression): Expression {
  return { op, left, right }
}

/** Returns one of two values. */
export function when(condition: Expression, then: Expression, otherwise: Expression): Expression {
  return { op: 'case', branches: [{ when: condition, gives: then }], otherwise }
}

/** Returns a figure of the rows that share some columns, beside each of them. */
export function over(figure: WindowFunction['figure'], partition: readonly string[]): Expression {
  return { op: 'window', figure, partition }
}
