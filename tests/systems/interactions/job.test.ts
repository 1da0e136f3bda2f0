import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import {
  checkSource,
  readDeclaration,
  readQuarantine,
  readState,
  runPipeline,
  withDeclaredFormats,
} from '../../../src/pipeline/index.ts'
import { interactionsJob } from '../../../src/systems/interactions/job/interactions-job.ts'
import { toArquero } from '../../../src/table/arquero/arquero.ts'
import { hasReal, REAL, SMALL } from './real-files.ts'

const encode = (text: string) => new TextEncoder().encode(text)

class Import {
  readonly out = memoryStore()
  run(files: Readonly<Record<string, string>>, options = {}, job = interactionsJob) {
    return runPipeline(job, { data: memoryStore(files), out: this.out, ...options })
  }
  async rows(table: string): Promise<unknown[][]> {
    const state = await readState(interactionsJob, { out: this.out })
    const frame = await state.loadTable(table)
    const names = Object.keys(interactionsJob.tables[table]?.contract.columns ?? {})
    return toArquero(frame)
      .objects()
      .map((row) => names.map((name) => (row as Record<string, unknown>)[name]))
  }
}

const interactionsOf = (...dates: readonly string[]) =>
  `date_start,event,customers\n${dates.map((date) => `${date},Call,1\n`).join('')}`

describe('the interactions job', () => {
  it('reads wall times day first, months, and nulls', async () => {
    const place = new Import()
    expect((await place.run(SMALL)).tables).toEqual({ customers: 3, interactions: 5, products: 3 })
    expect(await place.rows('interactions')).toEqual([
      [new Date('2021-02-17T09:30Z'), 'Email', 1, null, null],
      [new Date('2021-03-05T10:00Z'), 'Call', 1, null, null],
      [new Date('2021-03-05T10:00Z'), 'Call', 1, null, null],
      [new Date('2021-03-04T08:15Z'), 'Call', 2, null, null],
      [new Date('2021-12-31T23:59Z'), 'Visit', 9, null, null],
    ])
    expect(await place.rows('products')).toEqual([
      ['2021-02', 'Lamp'],
      ['2021-03', 'Lamp'],
      ['2021-03', 'Clock'],
    ])
    expect((await place.rows('customers')).at(-1)).toEqual([3, null, null])
  })

  it.each([
    ['a BOM, LF, and the names of the other files', 'Date Start,Interaction,Customers'],
    ['the names of the variant', 'date_start,interaction,customers'],
    ['the names of the contract', 'started_on,channel,customer_id'],
  ])('knows %s', async (_, header) => {
    const place = new Import()
    await place.run({ 'interactions.csv': `\uFEFF${header}\n17/02/2021 09:30,Email,1\n` })
    expect(await place.rows('interactions')).toEqual([[new Date('2021-02-17T09:30Z'), 'Email', 1, null, null]])
  })

  it('changes nothing in ten imports of the same files, and only the rows of a corrected file', async () => {
    const place = new Import()
    await place.run(SMALL)
    for (let time = 0; time < 9; time++) expect((await place.run(SMALL)).status).toBe('nothing_to_do')
    const corrected = { ...SMALL, 'interactions.csv': SMALL['interactions.csv'].replace('10:00,Call', '10:00,Visit') }
    const { commit, applied } = await place.run(corrected)
    expect(commit).toBe(2)
    expect(applied.map(({ name }) => name)).toEqual(['interactions.csv'])
    expect((await place.rows('interactions')).map(([, channel]) => channel)).toEqual([
      ...['Email', 'Visit', 'Call', 'Call', 'Visit'],
    ])
  })

  it('reads files that are declared to be written otherwise, and still knows ids and months', async () => {
    const month = { delimiter: ';', timestamps: { form: 'MM/dd/yyyy HH:mm' } }
    const tables = { interactions: month, '*': { delimiter: ';' } }
    const declaration = readDeclaration(encode(JSON.stringify({ tables })))
    const files = {
      'interactions.csv': 'Date Start;Interaction;Customers\n02/17/2021 09:30;Email;1\n03/04/2021 08:15;Call;0\n',
      'product.csv': 'Date;Product\n02-2021;Lamp\n2021;Lamp\n',
    }
    const place = new Import()
    const { notes } = await place.run(files, {}, withDeclaredFormats(interactionsJob, declaration))
    expect(await place.rows('interactions')).toEqual([[new Date('2021-02-17T09:30Z'), 'Email', 1, null, null]])
    expect(await place.rows('products')).toEqual([['2021-02', 'Lamp']])
    // no word about dates that read both ways: the order is declared
    expect(notes.filter(({ code }) => code === 'date_order')).toEqual([])
  })

  it('refuses a file with a date that is written month first, and names the row', async () => {
    const files = { 'interactions.csv': interactionsOf('05/03/2020 11:23', '02/17/2020 18:24') }
    await expect(new Import().run(files)).rejects.toMatchObject({
      code: 'date_order',
      message: expect.stringMatching(/^interactions\.csv row 2, column started_on: .*MM\/dd\/yyyy HH:mm/),
    })
    expect((await checkSource(interactionsJob, { data: memoryStore(files) })).findings).toContainEqual(
      expect.objectContaining({ severity: 'refused', code: 'date_order', row: 2, column: 'started_on' }),
    )
  })

  it('warns of a file whose dates all read both ways, and stops a strict run', async () => {
    const files = { 'interactions.csv': interactionsOf('05/03/2020 11:23', '12/12/2020 10:00') }
    const { notes } = await new Import().run(files)
    expect(notes.map(({ code, severity }) => [code, severity])).toContainEqual(['date_order', 'warning'])
    await expect(new Import().run(files, { mode: 'strict' })).rejects.toMatchObject({ code: 'date_order' })
    const { notes: none } = await new Import().run({ 'interactions.csv': interactionsOf('13/03/2020 11:23') })
    expect(none.map(({ code }) => code)).not.toContain('date_order')
  })

  it.each([
    ['an impossible day', '31/02/2020 10:00,Call,1', 'started_on'],
    ['no date', ',Call,1', 'started_on'],
    ['no channel', '13/02/2020 10:00,,1', 'channel'],
    ['no customer', '13/02/2020 10:00,Call,', 'customer_id'],
    ['customer 0', '13/02/2020 10:00,Call,0', 'customer_id'],
    ['customer -1', '13/02/2020 10:00,Call,-1', 'customer_id'],
    ['customer 2147483648', '13/02/2020 10:00,Call,2147483648', 'customer_id'],
    ['customer 12in', '13/02/2020 10:00,Call,12in', 'customer_id'],
    ['a superscript as customer', '13/02/2020 10:00,Call,²', 'customer_id'],
  ])('sets a row with %s aside, with row and column', async (_, line, column) => {
    const place = new Import()
    const text = `date_start,event,customers\n14/02/2020 10:00,Call,1\n${line}\n14/02/2020 11:00,Call,2\n`
    await place.run({ 'interactions.csv': text })
    const { rows } = await readQuarantine({ out: place.out })
    expect(rows).toMatchObject([{ file: 'interactions.csv', row: 2, column }])
    expect((await place.rows('interactions')).map(([, , customer]) => customer)).toEqual([1, 2])
  })

  it.each(['13-2020', '00-2020', '2020-01', '1-2020', '01-20', '01-2020 '.repeat(2)])(
    'sets the month %s aside',
    async (month) => {
      const place = new Import()
      const files = { ...SMALL, 'product.csv': `date,product\n02-2021,Lamp\n${month},Lamp\n` }
      await place.run(files)
      expect((await readQuarantine({ out: place.out })).rows).toMatchObject([
        { file: 'product.csv', row: 2, column: 'month' },
      ])
      expect(await place.rows('products')).toEqual([['2021-02', 'Lamp']])
    },
  )

  it('refuses a file without a column, with an unknown one, with a customer twice, and a place without interactions', async () => {
    const refused = (files: Readonly<Record<string, string>>) => new Import().run(files).catch(({ code }) => code)
    expect(await refused({ 'interactions.csv': 'date_start,customers\n13/02/2020 10:00,1\n' })).toBe('column_missing')
    expect(await refused({ 'interactions.csv': 'date_start,event,customers,mood\n' })).toBe('column_extra')
    expect(await refused({ ...SMALL, 'customer.csv': 'Customer_Id,Occupation,Type\n1,a,b\n1,c,d\n' })).toBe(
      'base_duplicate_key',
    )
    const { 'interactions.csv': _, ...without } = SMALL
    expect(await refused(without)).toBe('initial_missing')
  })

  it('gives the same rows in any zone of the process', async () => {
    const before = process.env.TZ
    try {
      const rows = []
      for (const zone of ['America/New_York', 'Asia/Kathmandu', 'UTC']) {
        process.env.TZ = zone
        const place = new Import()
        await place.run(SMALL)
        rows.push(await place.rows('interactions'))
      }
      expect(rows[0]).toEqual(rows[2])
      expect(rows[1]).toEqual(rows[2])
    } finally {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    }
  })
})

describe.skipIf(!hasReal)('the interactions job on the real files (skipped where ../shared/data is not there)', () => {
  it('reads all of them', async () => {
    const result = await runPipeline(interactionsJob, { data: REAL, out: memoryStore() })
    expect(result.tables).toEqual({ customers: 13, interactions: 18, products: 34 })
    expect(result).toMatchObject({ quarantined: 0, notes: [] })
  })

  it('reads the excerpt of the brief, and tells that its dates read both ways', async () => {
    const result = await runPipeline(interactionsJob, { data: `${REAL}/brief-excerpt`, out: memoryStore() })
    expect(result.tables).toEqual({ customers: 5, interactions: 4, products: 3 })
    expect(result.notes).toMatchObject([{ code: 'date_order' }])
  })

  it('reads the variant without customers and products; 12in waits in row 15', async () => {
    const out = memoryStore()
    const result = await runPipeline(interactionsJob, { data: `${REAL}/ai-variant`, out })
    expect(result.tables).toEqual({ customers: 0, interactions: 19, products: 0 })
    expect((await readQuarantine({ out })).rows).toMatchObject([
      { file: 'customer_interactions.csv', row: 15, column: 'customer_id', found: '12in' },
    ])
  })
})
