/** What the commands about interactions print for people, whole, and for machines. */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { emptyFolder } from '../../../cli/command-line.ts'
import { saidIn } from '../../../cli/said.ts'
import { SMALL } from '../real-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-interactions-'))
const [data, out] = [join(folder, 'data'), join(folder, 'out')]
const said = saidIn(folder)
const on = (command: string, ...more: string[]) => said('interactions', command, ...more, '--out', out)
/** The JSON that a command prints before its status. */
const jsonOf = (text: string) => JSON.parse(text.slice(0, text.search(/^---/m)))

/** Forty usual days of calls, and then a day of many, with a letter. */
const busy = () => {
  const lines = Array.from({ length: 40 }, (_, at) => {
    const day = new Date(Date.UTC(2021, 3, 1 + at)).toISOString().slice(0, 10).split('-').reverse().join('/')
    return `${day} 09:00,Call,1\r\n`.repeat(at === 39 ? 30 : 2)
  })
  return `${SMALL['interactions.csv']}${lines.join('')}10/05/2021 10:00,Letter,1\r\n`
}

let imported = ''
beforeAll(async () => {
  mkdirSync(data)
  for (const [name, text] of Object.entries({ ...SMALL, 'interactions.csv': busy() })) {
    writeFileSync(join(data, name), text)
  }
  imported = await on('import', '--data', data)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('interactions import', () => {
  it('says what was applied, published and delivered', () => {
    expect(imported).toMatchInlineSnapshot(`
      "committed version 1 to FOLDER/out

      applied           rows  inserted  updated  unchanged  deleted  ignored  quarantined
      ----------------  ----  --------  -------  ---------  -------  -------  -----------
      customer.csv         3         3        0          0        0        0            0
      interactions.csv   114       114        0          0        0        0            0
      product.csv          3         3        0          0        0        0            0

      table         rows
      ------------  ----
      customers        3
      interactions   114
      products         3

      published
        FOLDER/out/customers.csv
        FOLDER/out/interactions.csv
        FOLDER/out/products.csv

      pglite is at version 1: 120 rows changed
      --- status 0
      "
    `)
  })
})

describe('interactions show', () => {
  it('prints all customers, and names those that are in no file', async () => {
    expect(await on('show')).toMatchInlineSnapshot(`
      "customer  Call  Email  Letter  Visit
      --------  ----  -----  ------  -----
             1   110      1       1      0
             2     1      0       0      0
             3     0      0       0      0
             9     0      0       0      1

      not in the customers file: 9
      --- status 0
      "
    `)
    expect(await on('show', '--per-page', '2', '--page', '2')).toMatchInlineSnapshot(`
      "customer  Call  Email  Letter  Visit
      --------  ----  -----  ------  -----
             3     0      0       0      0
             9     0      0       0      1

      not in the customers file: 9

      2 of 4 rows; --page and --per-page show the others
      --- status 0
      "
    `)
  })

  it('prints one customer, and each count of one', async () => {
    expect(await on('show', '1')).toMatchInlineSnapshot(`
      "customer  Call  Email  Letter  Visit
      --------  ----  -----  ------  -----
             1   110      1       1      0
      --- status 0
      "
    `)
    expect(await on('show', '9', '--channel', 'Visit', 'Call')).toMatchInlineSnapshot(`
      "customer  Call  Visit
      --------  ----  -----
             9     0      1

      not in the customers file: 9
      --- status 0
      "
    `)
    expect(await on('show', '2', '--group-by', 'month,channel')).toMatchInlineSnapshot(`
      "month    channel  interaction_count
      -------  -------  -----------------
      2021-03  Call                     1
      --- status 0
      "
    `)
    expect(jsonOf(await on('show', '2', '--json'))).toMatchInlineSnapshot(`
      {
        "data": {
          "customer_id": 2,
          "interactions": {
            "Call": 1,
            "Email": 0,
            "Letter": 0,
            "Visit": 0,
          },
        },
      }
    `)
  })

  it('counts by dimensions, from a day to a day, of a type', async () => {
    expect(
      await on('show', '--group-by', 'product,customer', '--start-date', '2021-02-01', '--end-date', '2021-03-31'),
    ).toMatchInlineSnapshot(`
      "product  customer  interaction_count
      -------  --------  -----------------
      Clock           1                  2
      Clock           2                  1
      Lamp            1                  3
      Lamp            2                  1

      counted under each of several products: interactions of 2021-03
      --- status 0
      "
    `)
    expect(await on('show', '--group-by', 'type', '--type', 'Gold', 'Silver')).toMatchInlineSnapshot(`
      "type    interaction_count
      ------  -----------------
      Gold                  112
      Silver                  1
      --- status 0
      "
    `)
    expect(await on('show', '--group-by', 'month', '--per-page', '2')).toMatchInlineSnapshot(`
      "month    interaction_count
      -------  -----------------
      2021-02                  1
      2021-03                  3

      2 of 5 rows; --page and --per-page show the others
      --- status 0
      "
    `)
    expect(jsonOf(await on('show', '--group-by', 'channel', '--json'))).toMatchObject({
      meta: { group_by: ['channel'], total: 4 },
    })
  })

  it('refuses words that the API refuses, with the names of flags', async () => {
    expect(await on('show', '--channel', 'Calls')).toMatchInlineSnapshot(`
      "customer  Calls
      --------  -----
             1      0
             2      0
             3      0
             9      0

      not in the customers file: 9
      --- status 0
      "
    `)
    expect(await on('show', '--group-by', 'moon')).toMatchInlineSnapshot(`
      "--- stderr
      error: --group-by: it is none of these; allowed: month, type, channel, product, customer, topic
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await on('show', '--start-date', '01/02/2021', '--page', '0')).toMatchInlineSnapshot(`
      "--- stderr
      error: --start-date: expected a day of the calendar, such as 2020-03-05; --page: expected a whole number from 1 to 2147483647
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await on('show', 'one')).toMatchInlineSnapshot(`
      "--- stderr
      error: the customer: expected a whole number from 1 to 2147483647
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await on('show', '77')).toMatchInlineSnapshot(`
      "--- stderr
      error: no customer and no interaction has the id 77
        code      not_found (support-etl errors not_found)
      --- status 1
      "
    `)
  })
})

describe('interactions anomalies', () => {
  it('lists what is far outside its history', async () => {
    expect(await on('anomalies')).toMatchInlineSnapshot(`
      "day         what              which   interactions  usual
      ----------  ----------------  ------  ------------  -----
      2021-12-31  new channel       Visit              1
      2021-12-31  unknown customer  9                  1
      2021-05-10  day                                 31   1
      2021-05-10  channel           Call              30   0.99
      2021-05-10  customer          1                 31   0.99
      2021-05-10  new channel       Letter             1
      --- status 0
      "
    `)
    expect(await on('anomalies', '--end-date', '2021-03-31')).toMatchInlineSnapshot(`
      "nothing is far outside its history
      --- status 0
      "
    `)
    expect(jsonOf(await on('anomalies', '--kind', 'new_channel', '--json'))).toMatchInlineSnapshot(`
      {
        "data": [
          {
            "count": 1,
            "day": "2021-12-31",
            "expected": null,
            "kind": "new_channel",
            "subject": "Visit",
          },
          {
            "count": 1,
            "day": "2021-05-10",
            "expected": null,
            "kind": "new_channel",
            "subject": "Letter",
          },
        ],
      }
    `)
    expect(await on('anomalies', '--kind', 'moon')).toMatchInlineSnapshot(`
      "--- stderr
      error: option '--kind <kind...>' argument 'moon' is invalid. Allowed choices are day, channel, customer, new_channel, unknown_customer.
      (support-etl interactions anomalies --help shows what there is)
      --- status 2
      "
    `)
  })

  it('sends each once to each webhook, and refuses a list of those sent that it did not write', async () => {
    const received: { readonly type: string; readonly anomalies: readonly unknown[] }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        received.push(JSON.parse(body))
        response.writeHead(204).end()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const hook = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`
    const found = jsonOf(await on('anomalies', '--json')).data
    const first = await on('anomalies', '--webhook', hook('one'))
    expect(first).toBe(`sent ${found.length} new anomalies of ${found.length}\n--- status 0\n`)
    expect(received).toEqual([{ type: 'interactions.anomalies', anomalies: found }])
    expect(jsonOf(await on('anomalies', '--webhook', hook('one'), '--json'))).toEqual({ found: found.length, sent: 0 })
    expect(jsonOf(await on('anomalies', '--webhook', hook('two'), '--kind', 'new_channel', '--json')).sent).toBe(2)
    expect(received).toHaveLength(2)
    expect(await on('anomalies', '--webhook', hook('one'))).toBe(
      `sent 0 new anomalies of ${found.length}\n--- status 0\n`,
    )
    for (const text of ['[]', '{"a":1}', 'mine']) {
      writeFileSync(join(out, 'alerts.json'), text)
      expect(await on('anomalies', '--webhook', hook('one'))).toBe(
        '--- stderr\nerror: alerts.json in FOLDER/out is not the list of sent anomalies that this command writes; move it away to send all again\n  code      json_invalid (support-etl errors json_invalid)\n--- status 3\n',
      )
    }
    expect(received).toHaveLength(2)
  })
})

describe('interactions generate', () => {
  it('lists the files, says them to a machine, and overwrites none', async () => {
    const place = emptyFolder()
    const generate = async (...more: string[]) => {
      const flags = ['--interactions', '100', '--out', join(place, 'new')]
      const text = await saidIn(place)('interactions', 'generate', ...flags, ...more)
      // the title of a column is as wide as the name of the folder
      return text.replace(/ +bytes\n-+/, '  bytes\n-----').replaceAll(/(\.csv|\.json) {2,}/g, '$1  ')
    }
    expect(await generate('--customers', '12', '--seed', '3')).toMatchInlineSnapshot(`
      "file in FOLDER/new  bytes
      -----  -----
      customer.csv  213
      interactions.csv  4,051
      product.csv  377
      interactions_ground_truth.json  228
      --- status 0
      "
    `)
    expect(await generate()).toMatchInlineSnapshot(`
      "--- stderr
      error: FOLDER/new already holds customer.csv; choose another folder with --out
        code      path_invalid (support-etl errors path_invalid)
      --- status 2
      "
    `)
    rmSync(join(place, 'new'), { recursive: true })
    expect(jsonOf(await generate('--customers', '12', '--seed', '3', '--json'))).toMatchInlineSnapshot(`
      {
        "customers": 12,
        "files": [
          {
            "name": "customer.csv",
            "size": 213,
          },
          {
            "name": "interactions.csv",
            "size": 4051,
          },
          {
            "name": "product.csv",
            "size": 377,
          },
          {
            "name": "interactions_ground_truth.json",
            "size": 228,
          },
        ],
        "interactions": 100,
        "out": "FOLDER/new",
        "seed": 3,
      }
    `)
    expect(await generate('--customers', 'few')).toMatchInlineSnapshot(`
      "--- stderr
      error: --customers "few": expected a whole number
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await generate('--seed', 'x')).toMatchInlineSnapshot(`
      "--- stderr
      error: --seed "x": expected a whole number
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
  })
})
