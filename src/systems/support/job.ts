/**
 * The support job as a value: the operation's tables, its cube and its report, for the pipeline to
 * run.
 * @module
 */

import { textOf } from '../../aggregate/columns.ts'
import { ContractError, type EtlError } from '../../errors.ts'
import { defineJob } from '../../pipeline/job/define-job.ts'
import type { JobState, RollupCells } from '../../pipeline/job/job.ts'
import { textOption, zoneOption } from '../../pipeline/job/job-options.ts'
import { extractsAndDeltas } from '../../pipeline/sources/extracts-and-deltas.ts'
import type { DictionaryColumn } from '../../table/column.ts'
import { defineTable, float64, int32, key, measure, string } from '../../table/contract.ts'
import { changeCube } from './figures/cube-arithmetic.ts'
import { namesOf, reportOf } from './figures/cube-report.ts'
import { cubeFrom, cubeMetadata } from './figures/cube-storage.ts'
import { interactionMonths, type MonthOptions } from './figures/interaction-month.ts'
import { callTotals, cubeOf, type SupportCube } from './figures/support-cube.ts'
import { findOddities } from './oddities.ts'
import { agents, contactCenters, interactions, serviceCategories } from './tables.ts'

/**
 * Report, one row per local month, contact center name and department. Durations are minutes of
 * calls.
 */
export const supportReportContract = defineTable('support_report', {
  month: key(string()),
  contact_center_name: key(string()),
  department: key(string()),
  total_interactions: measure(int32()),
  total_calls: measure(int32()),
  total_call_duration: measure(float64()),
})

const TIMESTAMPS = Object.entries(interactions.columns)
  .filter(([, { kind }]) => kind === 'timestamp')
  .map(([name]) => name)

/** What the cube looks at; its month may be that of any timestamp. */
const CUBE_COLUMNS = [...TIMESTAMPS, 'channel', 'contact_center_id', 'category_id', 'call_duration_minutes']

const source = extractsAndDeltas()

function stored(cube: SupportCube): RollupCells {
  return { cells: cube.cells, metadata: cubeMetadata(cube) }
}

function cubeIn(state: JobState): SupportCube {
  const { cells, metadata } = state.rollup('support_cube')
  return cubeFrom(cells, metadata)
}

/** Refuses a column that cannot say in which month an interaction is. */
function refuseMonthColumn(column: string, name: string): EtlError | null {
  if (TIMESTAMPS.includes(column)) return null
  return new ContractError(
    'column_not_found',
    `${name} "${column}" is not a timestamp of interactions; choose one of ${TIMESTAMPS.join(', ')}`,
  )
}

/** 1 for each dictionary code whose value is the wanted text; undefined wants any value. */
function wantedCodes({ values }: DictionaryColumn, wanted: string | undefined): Uint8Array {
  return Uint8Array.from(values, (value) => (wanted === undefined || value === wanted ? 1 : 0))
}

/** The interactions that a row of the report counts. */
function rowsBehind(state: JobState, cells: Readonly<Record<string, string>>, options: MonthOptions): Int32Array {
  const facts = state.table('interactions')
  const columns = [
    { name: 'month', column: interactionMonths(facts, options).months },
    {
      name: 'contact_center_name',
      column: namesOf(
        textOf(facts, 'contact_center_id'),
        state.table('contact_centers'),
        'contact_center_id',
        'contact_center_name',
      ),
    },
    {
      name: 'department',
      column: namesOf(textOf(facts, 'category_id'), state.table('service_categories'), 'category_id', 'department'),
    },
  ]
  const kept = new Uint8Array(facts.rows).fill(1)
  for (const { name, column } of columns) {
    const wanted = wantedCodes(column, cells[name])
    const { codes } = column
    for (let row = 0; row < kept.length; row++) {
      const code = codes[row] as number
      // rows without a month count in no figure
      if (code < 0 || wanted[code] === 0) kept[row] = 0
    }
  }
  const rows: number[] = []
  for (let row = 0; row < kept.length; row++) if (kept[row] === 1) rows.push(row)
  return Int32Array.from(rows)
}

/**
 * The support job: interactions and three dimensions, the cube of the interactions, and the
 * report. Months are those of `interaction_start` in wall time of `America/New_York`, unless a run
 * chooses otherwise.
 */
export const supportJob = defineJob({
  name: 'support',
  options: {
    timeZone: zoneOption('America/New_York', { help: "of the reports' months" }),
    monthFrom: textOption('interaction_start', {
      help: 'timestamp that decides the month',
      check: refuseMonthColumn,
    }),
  },
  tables: {
    interactions: { contract: interactions, source },
    agents: { contract: agents, source },
    contact_centers: { contract: contactCenters, source },
    service_categories: { contract: serviceCategories, source },
  },
  rollups: {
    support_cube: {
      table: 'interactions',
      columns: CUBE_COLUMNS,
      uses: ['timeZone', 'monthFrom'],
      build: (rows, options) => stored(cubeOf(rows, options)),
      update: ({ cells, metadata }, touched) => stored(changeCube(cubeFrom(cells, metadata), touched)),
    },
  },
  outputs: {
    support_report: {
      contract: supportReportContract,
      reads: ['support_cube', 'contact_centers', 'service_categories'],
      build: (state) =>
        reportOf(cubeIn(state), {
          contactCenters: state.table('contact_centers'),
          serviceCategories: state.table('service_categories'),
        }),
      explain: {
        table: 'interactions',
        reads: ['interactions', 'contact_centers', 'service_categories'],
        uses: ['timeZone', 'monthFrom'],
        rowsBehind,
        columns: ['interaction_id', 'interaction_start', 'channel', 'call_duration_minutes'],
        totals: (rows) => ({ ...callTotals(rows) }),
      },
    },
  },
  oddities: findOddities,
})
