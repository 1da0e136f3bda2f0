/**
 * The support report as a plan, for engines: the same fold, the same cube and the same joins as the job's.
 * @module
 */
import type { Dialect } from '../../engine/dialect.ts'
import {
  and,
  COUNT,
  cast,
  coalesce,
  column,
  compare,
  type Expression,
  integer,
  isNull,
  not,
  or,
  sum,
  text,
  when,
} from '../../engine/expression.ts'
import { type FoldOptions, foldPlan, STAGED } from '../../engine/fold-plan.ts'
import { type MonthRange, monthPlan } from '../../engine/month-plan.ts'
import type { Projection, Relation } from '../../engine/relation.ts'
import { renderCreate, renderQuery, renderReplace } from '../../engine/render.ts'
import type { TableContract } from '../../table/contract.ts'
import { MICRO } from './figures/phone-rule.ts'
import { agents, contactCenters, interactions, serviceCategories, UNKNOWN } from './tables.ts'

/** How the months of a plan are found. */
export interface ReportPlanOptions extends MonthRange {
  /** The timestamp that decides the month; `timestamp` replaces it where it is null. */
  readonly monthFrom: string
  /** The staged table of each table, and what is special about its files. */
  readonly staged: Readonly<Record<'interactions' | 'contact_centers' | 'service_categories', FoldOptions>>
}

const FALLBACK = 'timestamp'
const REPORT_KEYS = ['month', 'contact_center_name', 'department'] as const
const MINUTES = column('call_duration_minutes')

/** A whole number: the part of a double before its point. */
function truncated(value: Expression): Expression {
  return when(compare(value, '<', integer(0)), { op: 'ceil', of: value }, { op: 'floor', of: value })
}

/** The instant that decides the month of an interaction. */
export function instantPlan(monthFrom: string): Expression {
  return monthFrom === FALLBACK ? column(FALLBACK) : coalesce(column(monthFrom), column(FALLBACK))
}

/** How the interactions of a plan are counted. */
export type FactsPlanOptions = Omit<ReportPlanOptions, 'staged'>

/**
 * The interactions as the cube counts them: ids as they are, the month, whether it is a call, and how long in 10⁻⁶ minutes. Columns
 * of `beside` are counted beside them.
 */
export function factsPlan(current: Relation, options: FactsPlanOptions, beside: Projection = []): Relation {
  const instant = instantPlan(options.monthFrom)
  const passed = beside.map(([name]) => [name, column(name)] as const)
  const isCall = compare({ op: 'lower', of: { op: 'trim', of: column('channel') } }, '=', text('phone'))
  const counts = and(isCall, not(isNull(MINUTES)), not({ op: 'is nan', of: MINUTES }))
  const ids = (['contact_center_id', 'category_id'] as const).map((name) => [name, column(name)] as const)
  const begun: Relation = {
    ...{ op: 'project', name: 'begun', of: current },
    columns: [
      ...ids,
      ['instant', instant],
      ['call', when(isCall, integer(1), integer(0))],
      ['scaled', when(counts, compare(MINUTES, '*', integer(MICRO)), cast(integer(0), 'float64'))],
      ...beside,
    ],
  }
  // halves away from zero, as the report rounds: what is left of the point is exact
  const whole: Relation = {
    ...{ op: 'project', name: 'whole', of: begun },
    columns: [
      ...ids,
      ['month', monthPlan(column('instant'), options)],
      ['call', column('call')],
      ['scaled', column('scaled')],
      ['whole', truncated(column('scaled'))],
      ...passed,
    ],
  }
  const twice = compare(compare(column('scaled'), '-', column('whole')), '*', integer(2))
  return {
    ...{ op: 'project', name: 'facts', of: whole },
    columns: [
      ['month', column('month')],
      ...ids,
      ['call', column('call')],
      ['micro_minutes', cast(compare(column('whole'), '+', truncated(twice)), 'int64')],
      ...passed,
    ],
  }
}

/**
 * Returns the plan of the report's cube: `month`, `contact_center_id`, `category_id`, `interactions`, `calls` and
 * `call_duration_micro_minutes`, as `cubeOf` counts them. Interactions without a month are not in it.
 */
function cubePlan(options: ReportPlanOptions): Relation {
  const facts = factsPlan(foldPlan(interactions, options.staged.interactions), options)
  const dated: Relation = { op: 'filter', name: 'dated', of: facts, where: not(isNull(column('month'))) }
  return {
    ...{ op: 'group', name: 'cube', of: dated },
    keys: ['month', 'contact_center_id', 'category_id'],
    figures: [
      ['interactions', cast(COUNT, 'int64')],
      ['calls', sum(column('call'))],
      ['call_duration_micro_minutes', sum(column('micro_minutes'))],
    ],
  }
}

/** The name of what a row refers to; `Unknown` where there is none, or it is blank. */
function named(name: string): Expression {
  const found = column(name)
  const isBlank = or(isNull(found), compare({ op: 'trim', of: found }, '=', text('')))
  return when(isBlank, text(UNKNOWN), found)
}

/**
 * Returns the plan of the support report: one row for each month, contact center and department, with `total_interactions`,
 * `total_calls` and `total_call_duration` in minutes.
 *
 * @throws EngineError engine_cannot - a policy of the deltas has no plan
 */
export function supportReportPlan(options: ReportPlanOptions): Relation {
  const { staged } = options
  const withCenters: Relation = {
    ...{ op: 'left join', name: 'with_centers', left: cubePlan(options) },
    right: foldPlan(contactCenters, staged.contact_centers),
    on: ['contact_center_id', 'contact_center_id'],
    select: { contact_center_name: 'contact_center_name' },
  }
  const withDepartments: Relation = {
    ...{ op: 'left join', name: 'with_departments', left: withCenters },
    right: foldPlan(serviceCategories, staged.service_categories),
    on: ['category_id', 'category_id'],
    select: { department: 'department' },
  }
  const lines: Relation = {
    ...{ op: 'project', name: 'lines', of: withDepartments },
    columns: [
      ['month', column('month')],
      ['contact_center_name', named('contact_center_name')],
      ['department', named('department')],
      ['interactions', column('interactions')],
      ['calls', column('calls')],
      ['call_duration_micro_minutes', column('call_duration_micro_minutes')],
    ],
  }
  const totals: Relation = {
    ...{ op: 'group', name: 'totals', of: lines },
    keys: [...REPORT_KEYS],
    figures: [
      ['total_interactions', sum(column('interactions'))],
      ['total_calls', sum(column('calls'))],
      ['total_micro_minutes', sum(column('call_duration_micro_minutes'))],
    ],
  }
  // divided once, at the end: sums of whole numbers are exact on every engine
  const minutes = compare(cast(column('total_micro_minutes'), 'float64'), '/', integer(MICRO))
  return {
    ...{ op: 'project', name: 'support_report', of: totals },
    columns: [
      ...[...REPORT_KEYS, 'total_interactions', 'total_calls'].map((name) => [name, column(name)] as const),
      ['total_call_duration', minutes],
    ],
  }
}

/** A step of the report in SQL: what it does, and its statements. */
export interface PlanStep {
  readonly title: string
  readonly statements: readonly string[]
}

/** Returns the report in the SQL of a dialect: tables for the staged changes, the current state of each table, and the report. */
export function reportScript(dialect: Dialect, months: Omit<ReportPlanOptions, 'staged'>): readonly PlanStep[] {
  const staged = (contract: TableContract): FoldOptions => ({ staged: `staged_${contract.name}` })
  const stagedColumns = ({ columns }: TableContract) => [
    ...Object.entries(columns).map(([name, { kind }]) => [name, kind] as const),
    ...Object.entries(STAGED),
  ]
  const all = [interactions, agents, contactCenters, serviceCategories]
  const report = supportReportPlan({
    ...months,
    staged: {
      interactions: staged(interactions),
      contact_centers: staged(contactCenters),
      service_categories: staged(serviceCategories),
    },
  })
  const order = REPORT_KEYS.map((name) => ({ column: name, isText: true }))
  return [
    {
      title:
        'Changes of all files: _batch is the number of the file in the order of application (0 is the extract), _seq its row, _action add, update or delete',
      statements: all.map((contract) => renderCreate(staged(contract).staged, stagedColumns(contract), dialect)),
    },
    {
      title: 'The current rows of each table; _order sorts them as they were inserted',
      statements: all.flatMap((contract) =>
        renderReplace(contract.name, foldPlan(contract, staged(contract)), dialect),
      ),
    },
    { title: 'The support report', statements: [renderQuery(report, dialect, order)] },
  ]
}
