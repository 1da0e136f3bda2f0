/**
 * `GET /api/v1/report/support`: the support report of the committed state.
 * @module
 */
import { z } from 'zod'
import type { CommittedState } from '../../../pipeline/state/committed-state.ts'
import { defineRoute } from '../../../server/route.ts'
import { PAGE_QUERY, pageOf, pageRows, pageSchema } from '../../../server/routes/paging.ts'
import { calendarMonth, listOf } from '../../../server/routes/query-values.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { supportJob, supportReportContract } from '../job.ts'

const reportRow = z
  .strictObject({
    month: z.string().meta({ description: "month of the contact centers' wall clock", example: '2025-03' }),
    contact_center_name: z.string(),
    department: z.string(),
    total_interactions: z.int(),
    total_calls: z.int(),
    total_call_duration: z.number().meta({ description: 'minutes of calls' }),
  })
  .meta({ id: 'SupportReportRow' })

type ReportRow = z.infer<typeof reportRow>

/** The report of a state, made once. */
const reports = new WeakMap<CommittedState, Promise<Frame>>()

function reportOf(state: CommittedState): Promise<Frame> {
  const known = reports.get(state)
  if (known !== undefined) return known
  const made = state.loadOutput('support_report')
  reports.set(state, made)
  // a failure is not kept
  made.catch(() => reports.delete(state))
  return made
}

/** The query's filters, with the column that each is about. */
const FILTERS = { month: 'month', center: 'contact_center_name', department: 'department' } as const

type Filters = Readonly<Record<keyof typeof FILTERS, readonly string[]>>

/** The rows that all filters select. */
function selectedRows(report: Frame, filters: Filters): Int32Array {
  const tests = Object.entries(FILTERS).flatMap(([name, columnName]) => {
    const wanted = filters[name as keyof Filters]
    if (wanted.length === 0) return []
    const column = columnOf(report, columnName)
    return [(row: number) => wanted.includes(String(column.at(row)))]
  })
  const rows = Array.from({ length: report.rows }, (_, row) => row)
  return Int32Array.from(rows.filter((row) => tests.every((test) => test(row))))
}

/** The names that a column has, in the order of its rows. */
function namesIn(report: Frame, columnName: string): readonly string[] {
  const column = columnOf(report, columnName)
  return [...new Set(Array.from({ length: report.rows }, (_, row) => String(column.at(row))))]
}

function rowOf(report: Frame, row: number): ReportRow {
  return Object.fromEntries(
    Array.from(report.columns, ([name, column]) => [name, column.at(row)] as const),
    // the contract of the report
  ) as ReportRow
}

export const supportReportRoute = defineRoute({
  method: 'get',
  path: '/api/v1/report/support',
  scope: 'read',
  summary: 'the support report',
  description:
    'One row per local month, contact center and department, in this order, as `support-etl report` prints it. Filters may repeat; rows fit one value of each.',
  query: z.object({
    month: listOf(calendarMonth()).meta({ description: 'only these months', example: ['2025-02'] }),
    center: listOf(z.string().max(200)).meta({ description: 'only these contact centers, by name' }),
    department: listOf(z.string().max(200)).meta({ description: 'only these departments' }),
    ...PAGE_QUERY,
  }),
  // a month without interactions is a month all the same
  async values(context) {
    const report = await reportOf(await context.state(supportJob))
    return { center: namesIn(report, FILTERS.center), department: namesIn(report, FILTERS.department) }
  },
  answer: z
    .strictObject({
      data: z.array(reportRow),
      meta: z.strictObject({
        ...pageSchema.meta,
        commit: z.int().meta({ description: 'the version of the state' }),
        committed_at: z.string().meta({ format: 'date-time' }),
        time_zone: z.string().meta({ description: 'whose months these are' }),
        month_from: z.string().meta({ description: 'the timestamp that decides the month' }),
      }),
      links: pageSchema.links,
    })
    .meta({ id: 'SupportReport' }),
  csv: { columns: Object.keys(supportReportContract.columns), rows: ({ data }) => data },
  refusals: ['not_found'],
  reads: 'data',
  async handle({ address, query }, context) {
    const state = await context.state(supportJob)
    const report = await reportOf(state)
    const selected = selectedRows(report, query)
    const { meta, links } = pageOf(address, query, selected.length)
    const { timeZone, monthFrom } = state.options
    return {
      data: pageRows([...selected], query).map((row) => rowOf(report, row)),
      meta: {
        ...meta,
        commit: state.commit,
        committed_at: state.committedAt,
        time_zone: timeZone,
        month_from: monthFrom,
      },
      links,
    }
  },
})
