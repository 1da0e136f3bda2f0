/** Rows of the real sources, in the forms in which they are delivered. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/index.ts'
import { parquetFrame } from '../../../../src/format/parquet/parquet.ts'
import { objectsOf, rowsOf, run } from '../worlds.ts'

const real = join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'data', 'coretelecoms')

interface Row {
  readonly [name: string]: string | number | null
}

const rowsIn = (name: string): Row[] =>
  readFileSync(join(real, `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
const csv = (header: string, rows: readonly (readonly unknown[])[]): string =>
  `${header}\n${rows.map((row) => `${row.map((cell) => `"${String(cell ?? '').replaceAll('"', '""')}"`).join(',')}\n`).join('')}`

describe.skipIf(!existsSync(real))('the real samples (skipped where ../shared/data is not there)', () => {
  it('are accepted whole', async () => {
    const calls = await parquetFrame(readFileSync(join(real, 'call_logs_sample.parquet')), { file: 'sample' })
    const customers = rowsIn('dim_customers')
    const posts = rowsIn('fct_social_media')
    const forms = rowsIn('fct_web_forms')
    const names = [...calls.columns.keys()].map((name) => (name === 'Unnamed: 0' ? '' : name))
    const column = (name: string) => Object.fromEntries(posts.map((post, row) => [String(row * 2), post[name] ?? '']))
    const data = memoryStore({
      's3/customers/customers_dataset.csv': csv(
        'customer_id,name,Gender,DATE of biRTH,signup_date,email,address',
        customers.map((row) => Object.values(row)),
      ),
      's3/call logs/call_logs_day_2025-11-20.csv': csv(
        names.join(','),
        objectsOf(calls).map((row) => Object.values(row)),
      ),
      's3/social_medias/media_complaint_day_2025-11-20.json': JSON.stringify({
        complaint_id: column('complaint_key'),
        'customeR iD': column('customer_key'),
        'COMPLAINT_catego ry': column('complaint_category'),
        'agent ID': column('agent_key'),
        resolutionstatus: column('resolution_status'),
        request_date: column('request_timestamp'),
        resolution_date: column('resolution_timestamp'),
        media_channel: column('platform_type'),
        MediaComplaintGenerationDate: column('dbt_load_date'),
      }),
      'web_forms/web_form_request_2025_11_20.csv': csv(
        'Column1,request_id,customeR iD,COMPLAINT_catego ry,agent ID,resolutionstatus,request_date,resolution_date,webFormGenerationDate',
        forms.map((row, at) => [
          ...[at, row.request_key, row.customer_key, row.complaint_category, row.agent_key, row.resolution_status],
          ...[row.request_timestamp, row.resolution_timestamp, row.dbt_load_date],
        ]),
      ),
      'sheet/agents.json': JSON.stringify({
        values: [['iD', 'NamE', 'experience', 'state'], ...rowsIn('dim_agents').map((row) => Object.values(row))],
      }),
    })
    const out = memoryStore()
    const { quarantined, tables } = await run(data, out)
    expect(quarantined).toBe(0)
    expect([tables.call_logs, tables.social_media, tables.web_forms]).toEqual([calls.rows, posts.length, forms.length])
    const [{ remarks, opened_at, customer_id } = {}] = await rowsOf(out, 'call_logs')
    expect([remarks, opened_at, customer_id]).toEqual([
      ...[null, new Date('2025-03-07T18:40:43Z'), '65d79202-96c3-49ea-b543-5e5b1aeb39ce'],
    ])
    const cleaned = await rowsOf(out, 'customers')
    expect(cleaned.map(({ doubts }) => doubts)).toEqual(customers.map(() => null))
    expect(cleaned.map(({ region }) => region)).toContain('military')
    expect(cleaned.filter(({ email }) => /@(gmail|hotmail|yahoo)\.com$/.test(String(email)))).toHaveLength(
      customers.length,
    )
  })
})
