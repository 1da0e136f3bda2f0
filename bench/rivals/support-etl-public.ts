/**
 * The job as a user of the library writes it: public functions over Arquero tables, checks of keys included.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCsv } from '../../src/format/index.ts'
import {
  agents,
  applyDelta,
  buildSupportReport,
  contactCenters,
  interactions,
  localMonth,
  serviceCategories,
} from '../../src/index.ts'
import { type Inputs, measured, type Outcome, type ReportRow, type Step } from '../measure.ts'

const timeZone = 'America/New_York'

/** Each step on its own, in one fresh process; every table is kept as it was. */
export async function steps({ data, months }: Inputs): Promise<Pick<Outcome, 'steps' | 'report'>> {
  const timings: Step[] = []
  const extract = (name: string) => readFileSync(join(data, 'initial', `${name}.csv`))
  const delta = (name: string, month: string) => {
    const path = join(data, 'delta', `${name}_delta_${month}.csv`)
    return existsSync(path) ? readFileSync(path) : null
  }
  const asDelta = { actionColumn: 'action', isDelete: (word: string) => word.trim() === 'delete' }

  let facts = await measured(timings, 'read', () => readCsv(extract('interactions'), interactions))
  let dimensions = {
    contactCenters: readCsv(extract('contact_centers'), contactCenters),
    serviceCategories: readCsv(extract('service_categories'), serviceCategories),
    agents: readCsv(extract('agents'), agents),
  }
  for (const [index, month] of months.entries()) {
    const factDelta = delta('interactions', month)
    if (factDelta !== null) {
      const changes = readCsv(factDelta, interactions, asDelta)
      const step = index === 0 ? 'apply' : 'apply again'
      facts = await measured(timings, step, () => applyDelta(facts, changes, interactions))
    }
    const after = <Table extends typeof facts>(table: Table, contract: typeof agents): Table => {
      const bytes = delta(contract.name, month)
      return bytes === null ? table : applyDelta(table, readCsv(bytes, contract, asDelta), contract)
    }
    dimensions = {
      contactCenters: after(dimensions.contactCenters, contactCenters),
      serviceCategories: after(dimensions.serviceCategories, serviceCategories),
      agents: after(dimensions.agents, agents),
    }
  }
  await measured(timings, 'month', () => localMonth(facts, 'interaction_start', timeZone))
  const report = await measured(timings, 'report', () =>
    buildSupportReport({ interactions: facts, ...dimensions }, { timeZone }),
  )
  // the report's columns are the row's
  return { steps: timings, report: report.objects() as ReportRow[] }
}
