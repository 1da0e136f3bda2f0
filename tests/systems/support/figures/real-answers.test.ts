import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { centerCallTails, centerHandleTime } from '../../../../src/systems/support/figures/call-times.ts'
import {
  centerCalls,
  centerInteractions,
  centerOfLongestCalls,
  monthOfMost,
} from '../../../../src/systems/support/figures/center-totals.ts'
import { reportOf } from '../../../../src/systems/support/figures/cube-report.ts'
import { cubeOf } from '../../../../src/systems/support/figures/support-cube.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { type Row, replay, report, sourceFiles, type Tables } from '../reference.ts'
import { numbers, rowsOf, stamps, texts } from './frames.ts'

const folder = join(import.meta.dirname, '../../../../../shared/data/support-challenge')
const isAbsent = !existsSync(folder)

function framesOf(tables: Tables) {
  const column = (rows: readonly Row[], name: string) => rows.map((row) => row[name] || null)
  const frame = (table: keyof Tables) => {
    const rows = [...tables[table].values()]
    return frameOf(
      Object.keys(rows[0] ?? {}).map((name) => {
        const cells = column(rows, name)
        if (/timestamp|interaction_(start|end)/.test(name)) return [name, stamps(cells)] as const
        if (/minutes|rating/.test(name))
          return [name, numbers(cells.map((cell) => (cell ? Number(cell) : null)))] as const
        return [name, texts(cells)] as const
      }),
    )
  }
  return {
    interactions: frame('interactions'),
    contactCenters: frame('contact_centers'),
    serviceCategories: frame('service_categories'),
  }
}

describe.skipIf(isAbsent)('the report of the real data set', () => {
  // the body of a skipped suite is run, too
  if (isAbsent) return
  const { tables } = replay(sourceFiles(folder))
  const frames = framesOf(tables)
  // without the data set the tests are skipped, and these lines are not
  const supportReport = isAbsent ? frames.interactions : reportOf(cubeOf(frames.interactions), frames)
  const rows = rowsOf(supportReport)

  it('is that of plain loops over row objects, in New York and in EST', () => {
    expect(rows).toEqual(report(tables))
    expect(rowsOf(reportOf(cubeOf(frames.interactions, { timeZone: 'EST' }), frames))).toEqual(rows)
    expect(rowsOf(reportOf(cubeOf(frames.interactions, { timeZone: 'UTC' }), frames))).toEqual(
      report(tables, { timeZone: 'UTC' }),
    )
  })

  it('has 25 rows, 28 interactions, 21 calls and 256 minutes', () => {
    expect(rows).toHaveLength(25)
    const totals = [3, 4, 5].map((at) => rows.reduce((sum, row) => sum + Number(row[at]), 0))
    expect(totals).toEqual([28, 21, 256])
  })

  it('begins and ends as it should', () => {
    expect(rows.slice(0, 3)).toEqual([
      ['2025-01', 'Atlanta GA SE', 'Benefits', 2, 2, 22],
      ['2025-01', 'Atlanta GA SE', 'Operations', 1, 1, 14],
      ['2025-01', 'Atlanta GA SE', 'Unknown', 1, 0, 0],
    ])
    expect(rows.at(-1)).toEqual(['2025-03', 'Richmond VA E', 'Operations', 1, 0, 0])
  })

  it('answers the first question: interactions per contact center', () => {
    expect(rowsOf(centerInteractions(supportReport, { months: ['2025-01', '2025-02', '2025-03'] }))).toEqual([
      ['Boston MA NE', 13],
      ['Atlanta GA SE', 8],
      ['Richmond VA E', 7],
    ])
  })

  it('answers the second question: the busiest month, which UTC would tell wrong', () => {
    expect(monthOfMost(supportReport)).toEqual({ month: '2025-02', total_interactions: 10 })
    const inUtc = reportOf(cubeOf(frames.interactions, { timeZone: 'UTC' }), frames)
    expect(monthOfMost(inUtc)).toEqual({ month: '2025-03', total_interactions: 10 })
  })

  it('answers the third question: the longest average call', () => {
    expect(centerOfLongestCalls(supportReport)).toEqual({
      contact_center_name: 'Boston MA NE',
      total_calls: 11,
      total_call_duration: 140,
      average_call_minutes: 140 / 11,
    })
    expect(rowsOf(centerCalls(supportReport)).map(([name, , , average]) => [name, Number(average).toFixed(2)])).toEqual(
      [
        ['Boston MA NE', '12.73'],
        ['Richmond VA E', '12.40'],
        ['Atlanta GA SE', '10.80'],
      ],
    )
  })

  it('shows why: Boston calls go on for five minutes after they are resolved, and only those are rated', () => {
    expect(rowsOf(centerCallTails(frames.interactions, frames.contactCenters))).toEqual([
      ['Atlanta GA SE', 5, 0, null, 0, 0],
      ['Boston MA NE', 11, 6, 5, 6, 6],
      ['Richmond VA E', 5, 0, null, 0, 0],
    ])
  })

  it('ranks by handle time the other way round', () => {
    expect(rowsOf(centerHandleTime(frames.interactions, frames.contactCenters))).toEqual([
      ['Atlanta GA SE', 5, 5, 10.8],
      ['Boston MA NE', 11, 11, 10],
      ['Richmond VA E', 5, 5, 12.4],
    ])
  })
})
