/** What `keys` and `plan` say, whole. Ids and keys are made by chance. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DIALECT_NAMES } from '../../src/engine/dialect.ts'
import { emptyFolder } from './command-line.ts'
import { saidIn } from './said.ts'

/** The commands about the keys of a folder; ids and keys are shown as `ID` and `KEY`. */
function keysOf() {
  const out = emptyFolder()
  const said = saidIn(out)
  const keys = async (...words: string[]) => {
    const text = await said('keys', ...words, '--out', out)
    return text.replace(/^sek_\S+$/m, 'KEY').replace(/\b[0-9a-f]{12}\b/g, 'ID')
  }
  const stored = () => JSON.parse(readFileSync(join(out, 'keys.json'), 'utf8'))
  return { out, keys, said, stored }
}

describe('keys', () => {
  it('are made, listed and revoked', async () => {
    const { out, keys, said, stored } = keysOf()
    expect(await keys('list')).toMatchInlineSnapshot(`
      "FOLDER has no keys: a server answers its own machine alone
      --- status 0
      "
    `)
    expect(await keys('create', 'dashboards')).toMatchInlineSnapshot(`
      "KEY
      --- stderr
      key ID of dashboards allows read and counts until INSTANT; it is shown only now
      --- status 0
      "
    `)
    expect(await keys('create', 'nightly run', '--scope', 'import', 'read', '--days', 'never')).toMatchInlineSnapshot(`
      "KEY
      --- stderr
      key ID of nightly run allows read, import and does not expire; it is shown only now
      --- status 0
      "
    `)
    expect(await keys('list')).toMatchInlineSnapshot(`
      "id            name         allows        state  created                   expires
      ------------  -----------  ------------  -----  ------------------------  ------------------------
      ID  dashboards   read          live   INSTANT  INSTANT
      ID  nightly run  read, import  live   INSTANT  never
      --- status 0
      "
    `)
    const [first] = JSON.parse((await said('keys', 'list', '--out', out, '--json')).replace(/---[\s\S]*/, ''))
    expect(first).toMatchObject({ name: 'dashboards', scopes: ['read'], state: 'live', revoked_at: null })
    expect(await keys('revoke', first.id)).toMatchInlineSnapshot(`
      "key ID of dashboards is revoked
      --- status 0
      "
    `)
    expect(await keys('list')).toMatchInlineSnapshot(`
      "id            name         allows        state    created                   expires
      ------------  -----------  ------------  -------  ------------------------  ------------------------
      ID  dashboards   read          revoked  INSTANT  INSTANT
      ID  nightly run  read, import  live     INSTANT  never
      --- status 0
      "
    `)
    expect(JSON.stringify(stored())).toContain(first.id)
  })

  it('tell a machine everything but the hash; the key only when it is made', async () => {
    const { out, said } = keysOf()
    const json = async (...words: string[]) =>
      JSON.parse((await said('keys', ...words, '--out', out, '--json')).replace(/---[\s\S]*/, ''))
    const { key, id, ...made } = await json('create', 'x', '--days', '1')
    expect(key).toContain('_')
    expect(made).toEqual({
      ...{ name: 'x', scopes: ['read'], state: 'live', revoked_at: null },
      ...{ created_at: expect.any(String), expires_at: expect.any(String) },
    })
    expect(await json('list')).toEqual([{ id, ...made }])
    expect(await json('revoke', id)).toEqual({ id, ...made, state: 'revoked', revoked_at: expect.any(String) })
  })

  it('expire', async () => {
    const { out, keys, stored } = keysOf()
    await keys('create', 'x', '--days', '3650')
    const file = JSON.stringify(stored()).replace(/"expires_at":"\d{4}/, '"expires_at":"2001')
    writeFileSync(join(out, 'keys.json'), file)
    expect(await keys('list')).toMatch(/ {2}expired {2}/)
  })

  it('are refused without a name, with a name or days that cannot be, and under an unknown id', async () => {
    const { keys } = keysOf()
    const all = [
      ...[['create'], ['create', 'a/b'], ['create', 'x'.repeat(65)], ['create', 'a\u001b']],
      ...['0', '3651', '99999', '1.5', '-1', 'soon'].map((days) => ['create', 'x', '--days', days]),
      ...[['create', 'x', '--scope', 'write'], ['revoke'], ['revoke', 'nothing']],
    ]
    const told: string[] = []
    for (const words of all)
      told.push((await keys(...words)).split('\n').find((text) => text.startsWith('error')) ?? '')
    expect(told).toMatchInlineSnapshot(`
      [
        "error: name whoever gets the key: keys create NAME",
        "error: the name "a/b": expected up to 64 letters, digits, spaces, . _ @ and -",
        "error: the name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": expected up to 64 letters, digits, spaces, . _ @ and -",
        "error: the name "a\\u001b": expected up to 64 letters, digits, spaces, . _ @ and -",
        "error: --days "0": expected days from 1 to 3650, or never",
        "error: --days "3651": expected days from 1 to 3650, or never",
        "error: --days "99999": expected days from 1 to 3650, or never",
        "error: --days "1.5": expected days from 1 to 3650, or never",
        "error: --days "-1": expected days from 1 to 3650, or never",
        "error: --days "soon": expected days from 1 to 3650, or never",
        "error: option '--scope <scope...>' argument 'write' is invalid. Allowed choices are read, import.",
        "error: name the key: keys revoke ID; keys list shows the ids",
        "error: there is no key "nothing"; the keys are (none)",
      ]
    `)
  })
})

describe('plan', () => {
  const said = saidIn('nowhere')

  it('is a heading and the statements, each behind what it is for', async () => {
    const text = await said('plan', '--engine', 'duckdb', '--from', '2025-01', '--to', '2025-01')
    expect(text.split('\n').filter((line) => line.startsWith('--'))).toMatchInlineSnapshot(`
      [
        "-- The support report for DuckDB. Months of America/New_York from 2025-01 to 2025-01; an instant outside of them has the month "beyond".",
        "-- Changes of all files: _batch is the number of the file in the order of application (0 is the extract), _seq its row, _action add, update or delete",
        "-- The current rows of each table; _order sorts them as they were inserted",
        "-- The support report",
        "--- status 0",
      ]
    `)
    const json = JSON.parse(
      (await said('plan', '--engine', 'duckdb', '--from', '2025-01', '--to', '2025-01', '--json')).replace(
        /\n---[\s\S]*/,
        '',
      ),
    )
    const { steps, ...rest } = json
    expect(rest).toMatchInlineSnapshot(`
      {
        "engine": "duckdb",
        "from": "2025-01",
        "timeZone": "America/New_York",
        "to": "2025-01",
      }
    `)
    const [heading = '', ...parts] = text.replace('\n--- status 0\n', '').split(/\n\n(?=-- )/)
    expect(heading).toMatch(/^-- The support report for /)
    expect(parts.map((part) => part.split('\n')[0])).toEqual(steps.map(({ title }: { title: string }) => `-- ${title}`))
    for (const { statements } of steps) for (const statement of statements) expect(text).toContain(`\n${statement};\n`)
  })

  it('names the engine in the heading, and reads both months', async () => {
    const heads = []
    for (const name of DIALECT_NAMES) heads.push((await said('plan', '--engine', name)).split('\n')[0])
    expect(heads).toMatchInlineSnapshot(`
      [
        "-- The support report for DuckDB. Months of America/New_York from 2020-01 to 2029-12; an instant outside of them has the month "beyond".",
        "-- The support report for Postgres. Months of America/New_York from 2020-01 to 2029-12; an instant outside of them has the month "beyond".",
        "-- The support report for Spark. Months of America/New_York from 2020-01 to 2029-12; an instant outside of them has the month "beyond".",
        "-- The support report for Databricks SQL. Months of America/New_York from 2020-01 to 2029-12; an instant outside of them has the month "beyond".",
        "-- The support report for ClickHouse. Months of America/New_York from 2020-01 to 2029-12; an instant outside of them has the month "beyond".",
        "-- The support report for Snowflake. Months of America/New_York from 2020-01 to 2029-12; an instant outside of them has the month "beyond".",
        "-- The support report for BigQuery. Months of America/New_York from 2020-01 to 2029-12; an instant outside of them has the month "beyond".",
        "-- The support report for Redshift. Months of America/New_York from 2020-01 to 2029-12; an instant outside of them has the month "beyond".",
        "-- The support report for Trino. Months of America/New_York from 2020-01 to 2029-12; an instant outside of them has the month "beyond".",
      ]
    `)
    const told = []
    for (const months of [
      ['2025-13', '2025-01'],
      ['2025-00', '2025-01'],
      ['202501', '2025-01'],
      ['2025-01', 'soon'],
      ['2025-01', '2025-01-01'],
      ['2025-02', '2025-01'],
    ] as const) {
      const text = await said('plan', '--engine', 'duckdb', '--from', months[0], '--to', months[1])
      told.push(text.split('\n')[1])
    }
    expect(told).toMatchInlineSnapshot(`
      [
        "error: --from "2025-13": expected a month such as 2025-03",
        "error: --from "2025-00": expected a month such as 2025-03",
        "error: --from "202501": expected a month such as 2025-03",
        "error: --to "soon": expected a month such as 2025-03",
        "error: --to "2025-01-01": expected a month such as 2025-03",
        "error: --to "2025-01": expected a month that is not before 2025-02",
      ]
    `)
    expect(await said('plan', '--engine', 'duckdb', '--time-zone', 'Mars')).toMatchInlineSnapshot(`
      "--- stderr
      error: time zone "Mars" is not known; use a name such as "America/New_York" or "UTC"
        try       --time-zone with an IANA name such as America/New_York
        code      time_zone_unknown (support-etl errors time_zone_unknown)
      --- status 2
      "
    `)
    expect(await said('plan', '--engine', 'oracle')).toMatchInlineSnapshot(`
      "--- stderr
      error: option '--engine <name>' argument 'oracle' is invalid. Allowed choices are duckdb, postgres, spark, databricks, clickhouse, snowflake, bigquery, redshift, trino.
      (support-etl plan --help shows what there is)
      --- status 2
      "
    `)
    const next = ['--from', ' 2025-12 ', '--to', '2025-12']
    expect(await said('plan', '--engine', 'duckdb', ...next)).toContain('--- status 0')
  })
})
