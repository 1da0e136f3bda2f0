/** What the API must answer, on every database alike: the right answers for the real files, and small ones for every edge. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import { openStore } from '../../../src/connect/open.ts'
import { nodeEffects } from '../../../src/pipeline/effects.ts'
import type { Destination } from '../../../src/pipeline/index.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import type { ServedDatabase } from '../../../src/server/database/served-database.ts'
import { show } from '../../../src/systems/interactions/commands/show.ts'
import { interactionsJob } from '../../../src/systems/interactions/job/interactions-job.ts'
import { INTERACTIONS_ROUTES } from '../../../src/systems/interactions/routes/index.ts'
import { advisedLines } from '../../../src/terminal/advised-lines.ts'
import type { Terminal } from '../../../src/terminal/terminal.ts'
import { ask, formOf, served } from '../../server/served.ts'
import { hasReal, REAL, SMALL } from './real-files.ts'

/** A database of one kind: how a run delivers to it, how a server reads it, and what `--database` calls it. */
export interface Kind {
  /** How often `show` is compared with HTTP: opening an embedded database takes seconds. */
  readonly shows: 'never' | 'once' | 'always'
  /** Returns a database of its own for each place. */
  open(out: FileStore): Promise<{
    readonly destinations: readonly Destination[]
    readonly serve: () => Promise<ServedDatabase>
    readonly address: string | undefined
  }>
}

const quiet = { debug() {}, info() {}, warn() {} }
export const effects = { ...nodeEffects(), logger: quiet }

/** Runs `interactions show` in this process, and returns what it prints. */
export async function shown(values: Readonly<Record<string, unknown>>): Promise<unknown> {
  let text = ''
  const terminal: Terminal = {
    ...{
      log() {},
      progress() {},
      note() {},
      title: (title: string) => title,
      level: 'info',
      advised: advisedLines('support-etl'),
    },
    ...{ flags: new Set<string>(), isInteractive: false, limit: null, view: {}, fit: (text: string) => text },
    async print(chunk: string | Uint8Array) {
      text += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
    },
  }
  await show({ page: '1', perPage: '50', json: true, ...values } as never, terminal)
  return JSON.parse(text)
}

type Started = Awaited<ReturnType<typeof start>>

/** Imports files, serves them, and returns how to ask. */
async function start(kind: Kind, data: string | FileStore) {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-interactions-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const out = openStore(folder)
  const { destinations, serve, address } = await kind.open(out)
  const run = async (from: string | FileStore) => {
    const acceptWithdrawals = ['customers', 'interactions', 'products']
    await runPipeline(interactionsJob, { data: from, out, destinations, acceptWithdrawals }, effects)
  }
  await run(data)
  const server = await served({
    routes: INTERACTIONS_ROUTES,
    places: [out],
    newPlace: () => out,
    system: { job: interactionsJob, openDatabase: serve },
  })
  const get = async (path: string) => {
    const reply = await ask(server, `/api/v1/${path}`)
    expect(reply.body, path).not.toBeNull()
    return reply
  }
  const data_ = async (path: string) => (await get(path)).body.data
  const places = { out: folder, ...(address !== undefined && { database: address }) }
  const replace = async (from: string | FileStore) => {
    await run(from)
    await server.refresh()
  }
  return { server, replace, get, data: data_, show: (values: object) => shown({ ...places, ...values }) }
}

const group = (rows: readonly Record<string, unknown>[], ...names: string[]) =>
  rows.map((row) => [...names.map((name) => row[name]), row.interaction_count])

/** The right answers for the files that the system was asked for with, and for the excerpt of the brief. */
async function realAnswers({ data, get, show, replace }: Started, { shows: times }: Kind): Promise<void> {
  const [shows, showsAll] = [times !== 'never', times === 'always']
  await replace(REAL)
  const zeros = { Bird: 0, Boat: 0, Call: 0, Email: 0, Post: 0 }
  for (const [id, counts] of [
    [1, { Email: 2 }],
    [4, { Bird: 2, Call: 1 }],
    [5, { Boat: 1, Call: 1, Post: 1 }],
    [12, { Bird: 2 }],
    [13, {}],
  ] as const) {
    const { body, text } = await get(`interactions/${id}`)
    const answer = { data: { customer_id: id, interactions: { ...zeros, ...counts } } }
    expect(body).toEqual(answer)
    expect(Object.keys(JSON.parse(text).data.interactions)).toEqual(Object.keys(zeros))
    if (showsAll || (shows && id === 4)) expect(await show({ customer: String(id) })).toEqual(answer)
  }
  expect((await data('interactions/4?end_date=2020-03-05')).interactions).toEqual({ ...zeros, Bird: 2, Call: 1 })
  expect(group(await data('interactions?group_by=channel'), 'channel')).toEqual([
    ...[
      ['Bird', 6],
      ['Boat', 2],
      ['Call', 3],
      ['Email', 6],
      ['Post', 1],
    ],
  ])
  expect(group(await data('interactions?group_by=type,channel'), 'type', 'channel')).toEqual([
    ...[
      ['Blue', 'Boat', 1],
      ['Blue', 'Call', 1],
      ['Blue', 'Email', 2],
      ['Blue', 'Post', 1],
    ],
    ...[
      ['Orange', 'Bird', 3],
      ['Orange', 'Boat', 1],
      ['Orange', 'Call', 1],
      ['Orange', 'Email', 1],
    ],
    ...[
      ['Red', 'Bird', 3],
      ['Red', 'Call', 1],
      ['Red', 'Email', 3],
    ],
  ])
  expect(group(await data('interactions?group_by=month'), 'month')).toEqual([
    ...[
      ['2019-10', 1],
      ['2020-01', 1],
      ['2020-02', 8],
      ['2020-03', 6],
      ['2020-06', 1],
      ['2021-06', 1],
    ],
  ])
  expect(await data('interactions/products')).toEqual([
    {
      customer_type: 'Blue',
      products: [
        { product: 'Orange', interaction_count: 1 },
        { product: 'Sand', interaction_count: 4 },
      ],
    },
    { customer_type: 'Orange', products: [{ product: 'Sand', interaction_count: 6 }] },
    { customer_type: 'Red', products: [{ product: 'Sand', interaction_count: 7 }] },
  ])
  for (const [table, rows] of [
    ['customers', 13],
    ['interactions', 18],
    ['products', 34],
  ] as const) {
    expect(await data(`stats/${table}`)).toEqual({ table, row_count: rows })
  }
  expect((await get('interactions')).body.meta.total).toBe(13)
  if (showsAll) {
    const asked = { channel: ['Bird'], endDate: '2020-03-04', groupBy: 'month,customer' }
    const query = 'channel=Bird&end_date=2020-03-04&group_by=month,customer'
    for (const [values, path] of [
      [{}, ''],
      [asked, `?${query}`],
    ] as const) {
      const { data: rows, meta } = (await get(`interactions${path}`)).body
      expect(await show(values)).toMatchObject({ data: rows, meta })
    }
  }

  // the excerpt of the brief takes their place: customer 4 is not known any more
  await replace(`${REAL}/brief-excerpt`)
  expect(await data('interactions/1')).toEqual({ customer_id: 1, interactions: { Bird: 0, Call: 0, Email: 1 } })
  expect(await data('interactions/4')).toEqual({
    ...{ customer_id: 4, known: false, interactions: { Bird: 1, Call: 1, Email: 0 } },
  })
  for (const id of [2, 11, 12]) {
    expect(await data(`interactions/${id}`)).toEqual({
      customer_id: id,
      interactions: { Bird: 0, Call: 0, Email: 0 },
    })
  }
  expect(group(await data('interactions?group_by=product'), 'product')).toEqual([['Unknown', 4]])
  expect(await data('anomalies?kind=unknown_customer')).toMatchObject([{ subject: '4', day: '2020-02-11', count: 2 }])
}

/** Topics are served, and customers nobody knows. */
async function variantAnswers({ data, replace }: Started): Promise<void> {
  await replace(`${REAL}/ai-variant`)
  expect(await data('stats/interactions')).toEqual({ table: 'interactions', row_count: 19 })
  expect((await data('interactions/4')).known).toBe(false)
  const topics = group(await data('interactions?group_by=topic'), 'topic')
  expect(topics.reduce((sum, [, count]) => sum + (count as number), 0)).toBe(19)
  expect(topics).toContainEqual(['Side Effects Discussion', 5])
}

async function smallAnswers({ data, get, replace }: Started): Promise<void> {
  await replace(memoryStore(SMALL))
  expect(await data('interactions/1')).toEqual({ customer_id: 1, interactions: { Call: 2, Email: 1, Visit: 0 } })
  expect(await data('interactions/9')).toEqual({
    ...{ customer_id: 9, known: false, interactions: { Call: 0, Email: 0, Visit: 1 } },
  })
  expect(await data('interactions/1?channel=Visit&channel=Call')).toEqual({
    ...{ customer_id: 1, interactions: { Call: 2, Visit: 0 } },
  })
  expect((await data('interactions/1?type=Silver')).interactions).toEqual({ Call: 0, Email: 0, Visit: 0 })
  expect((await data('interactions/1?start_date=2021-03-05&end_date=2021-03-05')).interactions.Call).toBe(2)
  expect((await data('interactions/9?end_date=2021-12-31')).interactions.Visit).toBe(1)
  expect((await data('interactions/9?end_date=2021-12-30')).interactions.Visit).toBe(0)
  expect((await data('interactions?type=Unknown')).map((row: { customer_id: number }) => row.customer_id)).toEqual([
    3, 9,
  ])
  const first = (await get('interactions?per_page=3')).body
  expect(first.meta).toEqual({ page: 1, per_page: 3, total: 4 })
  const second = (await get(first.links.next.replace('/api/v1/', ''))).body
  expect([...first.data, ...second.data].map((row) => row.customer_id)).toEqual([1, 2, 3, 9])
  expect(second.links.next).toBeNull()
  expect((await get('interactions?customer=2&customer=77')).body.meta.total).toBe(1)
}

/** An interaction counts under each product of its month. */
async function productAnswers({ get }: Started): Promise<void> {
  const { body } = await get('interactions/products')
  expect(body).toEqual({
    data: [
      {
        customer_type: 'Gold',
        products: [
          { product: 'Clock', interaction_count: 2 },
          { product: 'Lamp', interaction_count: 3 },
        ],
      },
      {
        customer_type: 'Silver',
        products: [
          { product: 'Clock', interaction_count: 1 },
          { product: 'Lamp', interaction_count: 1 },
        ],
      },
      { customer_type: 'Unknown', products: [{ product: 'Unknown', interaction_count: 1 }] },
    ],
    meta: { months_with_several_products: ['2021-03'] },
  })
  const grouped = (await get('interactions?group_by=customer,channel,product&customer=1')).body
  expect(group(grouped.data, 'customer', 'channel', 'product')).toEqual([
    ...[
      [1, 'Call', 'Clock', 2],
      [1, 'Call', 'Lamp', 2],
      [1, 'Email', 'Lamp', 1],
    ],
  ])
  expect(grouped.meta.months_with_several_products).toEqual(['2021-03'])
}

/** What is no request is refused, and nothing that a client asks is an error of the server. */
async function refusals({ server, get }: Started): Promise<void> {
  for (const [path, status] of [
    ['interactions/abc', 400],
    ['interactions/0', 400],
    ['interactions/%C2%B2', 400],
    ['interactions/9999999999', 400],
    ['interactions/77', 404],
    ['interactions/1?customer=1', 400],
    ['interactions?channel=Fax', 400],
    ['interactions?channel=call', 400],
    ['interactions?channel=%00', 400],
    ['interactions?type=Bronze', 400],
    ['interactions?start_date=2020-9-30', 400],
    ['interactions?end_date=20200113', 400],
    ['interactions?start_date=2021-03-05&end_date=2021-03-04', 400],
    ['interactions?group_by=colour', 400],
    ['interactions?group_by=', 400],
    ['interactions?colour=red', 400],
    ['interactions?per_page=201', 400],
    ['stats/support_etl_place', 400],
    ['anomalies?kind=odd', 400],
    ['anomalies?start_date=2021-03-05&end_date=2021-03-04', 400],
    ['interactions?start_date=1900-01-01', 200],
    ['interactions?start_date=9999-12-31', 200],
    ['interactions?end_date=1900-01-01', 200],
    ['interactions?page=2147483647&per_page=200', 200],
    ['interactions?group_by=month&group_by=month,type', 200],
  ] as const) {
    const reply = await get(path)
    expect([path, reply.status]).toEqual([path, status])
    if (status !== 200) expect(reply.headers['content-type']).toBe('application/problem+json')
  }
  expect((await get('interactions?channel=Fax')).body.faults[0].allowed).toEqual(['Call', 'Email', 'Visit'])
  const posted = await ask(server, '/api/v1/interactions/1', { method: 'POST' })
  expect([posted.status, posted.headers.allow]).toEqual([405, expect.stringContaining('GET')])
  const csv = async (path: string) => (await ask(server, `/api/v1/${path}`, { headers: { accept: 'text/csv' } })).text
  expect(await csv('interactions/9')).toBe(
    'customer_id,known,channel,interaction_count\n9,false,Call,0\n9,false,Email,0\n9,false,Visit,1\n',
  )
  expect(await csv('interactions?group_by=type,month&customer=1')).toBe(
    'type,month,interaction_count\nGold,2021-02,1\nGold,2021-03,2\n',
  )
  expect(await csv('interactions?group_by=topic&start_date=9999-01-01')).toBe('topic,interaction_count\n')
}

/** Files over HTTP: the same ones change nothing, a corrected one is served, one that does not fit changes nothing. */
async function imports({ server, data }: Started): Promise<void> {
  const files = {
    ...{
      customers: SMALL['customer.csv'],
      interactions: SMALL['interactions.csv'],
      products: SMALL['product.csv'],
    },
  }
  const send = (given: Record<string, string>) => ask(server, '/api/v1/imports', formOf(given))
  for (let time = 0; time < 3; time++) {
    expect((await send(files)).body.data).toEqual({
      ...{ status: 'nothing_to_do', commit: 1, applied: [], quarantined: 0, warnings: [] },
      rows: { customers: 3, interactions: 5, products: 3 },
    })
  }
  const interactions = files.interactions.replace('09:30,Email,1', '09:30,Visit,12in')
  const corrected = (await send({ ...files, interactions })).body.data
  expect(corrected).toMatchObject({ status: 'committed', commit: 2, applied: ['interactions.csv'], quarantined: 1 })
  expect(await data('interactions/1')).toEqual({ customer_id: 1, interactions: { Call: 2, Visit: 0 } })
  const swapped = await send({ ...files, interactions: files.interactions.replace('17/02', '02/17') })
  expect([swapped.status, swapped.body.code]).toEqual([422, 'date_order'])
  const lacking = await send({ interactions: files.interactions })
  expect([lacking.status, lacking.body.code]).toEqual([422, 'source_empty'])
  expect(lacking.body.detail).toContain('the form has no customer.csv')
  expect((await send({ customers: files.customers })).status).toBe(400)
  expect((await data('stats/interactions')).row_count).toBe(4)
}

/** Runs all of it on one database. */
export function describeAnswers(name: string, kind: Kind): void {
  describe(`the API over ${name}`, () => {
    it('answers small files with zeros, unknown ids, filters and pages, refuses what is no request, and imports', {
      timeout: 120_000,
    }, async () => {
      const started = await start(kind, memoryStore(SMALL))
      await smallAnswers(started)
      await productAnswers(started)
      await refusals(started)
      await imports(started)
    })

    it.skipIf(!hasReal)(
      'gives every right answer on the real files (skipped where ../shared/data is not there)',
      {
        timeout: 120_000,
      },
      async () => {
        const started = await start(kind, `${REAL}/ai-variant`)
        await variantAnswers(started)
        await realAnswers(started, kind)
      },
    )
  })
}
