/**
 * The complaints job: five sources, each kept as it arrives and cleaned beside it.
 * @module
 */

import { eachRow, type OwnRow, type RefusedRow, refuseRow } from '../../../pipeline/derive/each-row.ts'
import { defineJob } from '../../../pipeline/job/define-job.ts'
import type { DerivedRows } from '../../../pipeline/job/job.ts'
import { zoneOption } from '../../../pipeline/job/job-options.ts'
import { csv } from '../../../pipeline/sources/formats/csv-format.ts'
import { jsonColumns } from '../../../pipeline/sources/formats/formats.ts'
import { partitions } from '../../../pipeline/sources/partitions.ts'
import { snapshots } from '../../../pipeline/sources/snapshots.ts'
import type { TableContract } from '../../../table/contract.ts'
import type { Frame } from '../../../table/frame.ts'
import { zoneOf } from '../../../time/zone.ts'
import { cleanAgent } from '../clean/clean-agent.ts'
import { cleanCall, cleanSocialMedia, cleanWebForm, type RefusedComplaint } from '../clean/clean-complaint.ts'
import { cleanCustomer } from '../clean/clean-customer.ts'
import { customersIn } from '../clean/customer-ids.ts'
import { COLLISION_COLUMNS, SharedAddresses } from '../clean/email-collisions.ts'
import { nextAgentVersions } from '../figures/agent-versions.ts'
import {
  AGENT_ALIASES,
  agents,
  agentVersions,
  CALL_LOG_ALIASES,
  CUSTOMER_ALIASES,
  callLogs,
  complaintVolumes,
  customers,
  emailCollisions,
  rawAgents,
  rawCallLogs,
  rawCustomers,
  rawSocialMedia,
  rawWebForms,
  SOCIAL_MEDIA_ALIASES,
  socialMedia,
  WEB_FORM_ALIASES,
  webForms,
} from '../tables.ts'
import { COUNTED_TABLES, findMiscount } from './rows-add-up.ts'
import { sheet } from './sheet-format.ts'
import { mergeVolumes, volumesOf } from './volumes.ts'

const options = {
  timeZone: zoneOption('UTC', { help: 'zone of the clocks that write timestamps without one' }),
}

/** A function of one row, or what is wrong with the row, as the `rows` of a derived table. */
function cleaned<From extends TableContract, To extends TableContract, Options = unknown>(
  from: From,
  to: To,
  clean: (row: OwnRow<From>, options: Options) => OwnRow<To> | RefusedComplaint,
): (rows: Frame, options: Options) => DerivedRows {
  return eachRow(from, to, (row, values: Options): OwnRow<To> | RefusedRow => {
    const made = clean(row, values)
    return 'problems' in made ? refuseRow(...(made as RefusedComplaint).problems) : (made as OwnRow<To>)
  })
}

/** What a day of complaints is made of. */
const counted = (table: string) => ({ table, build: volumesOf, merge: mergeVolumes })

/**
 * Reads `s3/` (customers, call logs and social media by their real keys), `sheet/agents.json` and `web_forms/` of the data place.
 * Each raw table holds what arrived, as text; the table beside it holds what cleaning makes of it. A row that cannot be cleaned waits
 * in quarantine.
 *
 * @example
 * Object.keys(complaintsJob.tables) // ['raw_agents', 'raw_customers', 'raw_call_logs', 'raw_social_media', 'raw_web_forms']
 * Object.keys(complaintsJob.derived) // ['agents', 'customers', 'call_logs', 'social_media', 'web_forms']
 */
export const complaintsJob = defineJob({
  name: 'complaints',
  options,
  tables: {
    raw_agents: {
      contract: rawAgents,
      source: snapshots({ file: 'sheet/agents.json', format: sheet(AGENT_ALIASES), originals: 'keep' }),
    },
    raw_customers: {
      contract: rawCustomers,
      source: partitions({
        ...{ prefix: 's3/customers/', name: 'customers_dataset.csv', counts: 'newest', originals: 'keep' },
        format: csv({ columnAliases: CUSTOMER_ALIASES }),
      }),
    },
    raw_call_logs: {
      contract: rawCallLogs,
      source: partitions({
        ...{ prefix: 's3/call logs/', name: 'call_logs_day_{day}.csv', dayColumn: 'generated_on', originals: 'keep' },
        format: csv({ columnAliases: CALL_LOG_ALIASES }),
      }),
    },
    raw_social_media: {
      contract: rawSocialMedia,
      source: partitions({
        ...{
          prefix: 's3/social_medias/',
          name: 'media_complaint_day_{day}.json',
          dayColumn: 'generated_on',
          originals: 'keep',
        },
        format: jsonColumns({ columnAliases: SOCIAL_MEDIA_ALIASES }),
      }),
    },
    raw_web_forms: {
      contract: rawWebForms,
      source: partitions({
        ...{ prefix: 'web_forms/', name: 'web_form_request_{day}.csv', dayColumn: 'generated_on', originals: 'keep' },
        format: csv({ columnAliases: WEB_FORM_ALIASES }),
      }),
    },
  },
  derived: {
    agents: { from: 'raw_agents', contract: agents, rows: cleaned(rawAgents, agents, cleanAgent) },
    customers: { from: 'raw_customers', contract: customers, rows: cleaned(rawCustomers, customers, cleanCustomer) },
    call_logs: {
      ...{ from: 'raw_call_logs', contract: callLogs, uses: ['timeZone'] },
      rows: cleaned(rawCallLogs, callLogs, (row, { timeZone }: { timeZone: string }) =>
        cleanCall(row, zoneOf(timeZone)),
      ),
    },
    social_media: {
      ...{ from: 'raw_social_media', contract: socialMedia, uses: ['timeZone'] },
      rows: cleaned(rawSocialMedia, socialMedia, (row, { timeZone }: { timeZone: string }) =>
        cleanSocialMedia(row, zoneOf(timeZone)),
      ),
    },
    web_forms: {
      ...{ from: 'raw_web_forms', contract: webForms, uses: ['timeZone'] },
      rows: cleaned(rawWebForms, webForms, (row, { timeZone }: { timeZone: string }) =>
        cleanWebForm(row, zoneOf(timeZone)),
      ),
    },
  },
  rollups: {
    call_volumes: counted('call_logs'),
    social_volumes: counted('social_media'),
    form_volumes: counted('web_forms'),
  },
  // a complaint stays and counts; whose it was goes with the customer
  erasure: {
    keysIn: customersIn,
    tables: {
      raw_customers: { columns: ['customer_id'], rows: 'remove' },
      raw_call_logs: { columns: ['complaint_id', 'customer_id'], rows: 'replace' },
      raw_social_media: { columns: ['complaint_id', 'customer_id'], rows: 'replace' },
      raw_web_forms: { columns: ['complaint_id', 'customer_id'], rows: 'replace' },
    },
  },
  gates: {
    rows_add_up: {
      reads: COUNTED_TABLES.flatMap(({ table, raw, volumes }) => [table, raw, volumes]),
      check: findMiscount,
    },
  },
  outputs: {
    complaint_volumes: {
      contract: complaintVolumes,
      reads: ['call_volumes', 'social_volumes', 'form_volumes'],
      build: (state) =>
        mergeVolumes(['call_volumes', 'social_volumes', 'form_volumes'].map((name) => state.rollup(name))).cells,
    },
    agent_versions: {
      contract: agentVersions,
      reads: ['agents'],
      build: (state) => state.table('agents'),
      remember: (rows, { rows: before, committedAt }) => nextAgentVersions(rows, before, committedAt),
    },
    email_collisions: {
      contract: emailCollisions,
      reads: ['customers'],
      build: async (state) => {
        const shared = new SharedAddresses()
        const newest = state.partitions('customers')
        for (const { groups } of newest) for await (const some of groups(COLLISION_COLUMNS)) shared.look(some)
        const counts = shared.count()
        for (const { groups } of newest) for await (const some of groups(COLLISION_COLUMNS)) counts.look(some)
        return counts.collisions()
      },
    },
  },
})
