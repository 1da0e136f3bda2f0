/**
 * What commands print for people, whole: a word that is lost or changed is seen. Folders are shown as `FOLDER`.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { places } from './said.ts'

describe('run --dry-run', () => {
  it('says what would be done with each file, and why not', async () => {
    const { data, out, said } = places()
    const plan = ['run', '--data', data, '--out', out, '--dry-run']
    expect(await said(...plan, '--months', '202502')).toMatchInlineSnapshot(`
      "would apply what is new

      file                                       what would be done
      -----------------------------------------  ------------------
      initial/interactions.csv                   apply
      initial/agents.csv                         apply
      initial/contact_centers.csv                apply
      initial/service_categories.csv             apply
      delta/interactions_delta_202502.csv        apply
      delta/agents_delta_202502.csv              apply
      delta/service_categories_delta_202502.csv  apply
      delta/agents_delta_202503.csv              skip: not selected
      delta/contact_centers_delta_202503.csv     skip: not selected
      delta/interactions_delta_202503.csv        skip: not selected
      delta/service_categories_delta_202503.csv  skip: not selected
      --- status 0
      "
    `)
    await said('run', '--data', data, '--out', out)
    expect(await said(...plan)).toMatchInlineSnapshot(`
      "would do nothing: everything is applied

      file                                       what would be done
      -----------------------------------------  --------------------
      initial/agents.csv                         skip: applied before
      initial/contact_centers.csv                skip: applied before
      initial/interactions.csv                   skip: applied before
      initial/service_categories.csv             skip: applied before
      delta/agents_delta_202502.csv              skip: applied before
      delta/agents_delta_202503.csv              skip: applied before
      delta/contact_centers_delta_202503.csv     skip: applied before
      delta/interactions_delta_202502.csv        skip: applied before
      delta/interactions_delta_202503.csv        skip: applied before
      delta/service_categories_delta_202502.csv  skip: applied before
      delta/service_categories_delta_202503.csv  skip: applied before
      --- status 0
      "
    `)
    rmSync(join(out, 'agents.csv'))
    expect(await said(...plan)).toMatchInlineSnapshot(`
      "would repair copies: everything is applied

      file                                       what would be done
      -----------------------------------------  ----------------------------------------------
      agents.csv                                 write the copy again: it is missing or differs
      initial/agents.csv                         skip: applied before
      initial/contact_centers.csv                skip: applied before
      initial/interactions.csv                   skip: applied before
      initial/service_categories.csv             skip: applied before
      delta/agents_delta_202502.csv              skip: applied before
      delta/agents_delta_202503.csv              skip: applied before
      delta/contact_centers_delta_202503.csv     skip: applied before
      delta/interactions_delta_202502.csv        skip: applied before
      delta/interactions_delta_202503.csv        skip: applied before
      delta/service_categories_delta_202502.csv  skip: applied before
      delta/service_categories_delta_202503.csv  skip: applied before
      --- status 0
      "
    `)
    expect(await said(...plan, '--time-zone', 'UTC')).toMatchInlineSnapshot(`
      "would rebuild reports and copies; no table changes

      file                                       what would be done
      -----------------------------------------  --------------------
      initial/agents.csv                         skip: applied before
      initial/contact_centers.csv                skip: applied before
      initial/interactions.csv                   skip: applied before
      initial/service_categories.csv             skip: applied before
      delta/agents_delta_202502.csv              skip: applied before
      delta/agents_delta_202503.csv              skip: applied before
      delta/contact_centers_delta_202503.csv     skip: applied before
      delta/interactions_delta_202502.csv        skip: applied before
      delta/interactions_delta_202503.csv        skip: applied before
      delta/service_categories_delta_202502.csv  skip: applied before
      delta/service_categories_delta_202503.csv  skip: applied before
      --- status 0
      "
    `)
    expect(await said('run', '--data', data, '--out', out)).toMatchInlineSnapshot(`
      "copies written again; FOLDER/out is at version 1

      published
        FOLDER/out/agents.csv
      --- status 0
      "
    `)
    expect(await said('run', '--data', data, '--out', out)).toMatchInlineSnapshot(`
      "nothing to do: FOLDER/out is at version 1, FOLDER/data has nothing new
      --- status 0
      "
    `)
    expect(await said('run', '--data', data, '--out', out, '--time-zone', 'UTC')).toMatchInlineSnapshot(`
      "committed version 2 to FOLDER/out

      no input was applied: outputs and copies were rebuilt

      table               rows
      ------------------  ----
      interactions          68
      agents                11
      contact_centers        4
      service_categories     8

      published
        FOLDER/out/support_report.csv
      --- status 0
      "
    `)
  })
})

describe('check', () => {
  it('lists fifty findings of a kind, and counts the others', async () => {
    const { data, said } = places()
    const lines = Array.from({ length: 52 }, (_, row) => `X${row},,,,,,,,,\n`)
    const file = join(data, 'initial', 'agents.csv')
    appendFileSync(file, lines.join(''))
    const text = await said('check', '--data', data)
    expect(
      text.split('\n').filter((line) => /^\S/.test(line) && !/^(record_length|null_value|key)/.test(line)),
    ).toMatchInlineSnapshot(`
      [
        "11 files read, 161 rows",
        "a run would stop at: 1 finding",
        "code                  what                                                                                                                                                          line  found",
        "--------------------  ------------------------------------------------------------------------------------------------------------------------------------------------------------  ----  -----",
        "too_many_quarantined  initial/agents.csv: 52 of 59 rows do not fit their contract, more than 5 %; the first is row 8: expected 5 cells; correct the file (check lists all of them)",
        "a run would set aside (strict: stop at): 52 findings",
        "code           what                                         line  found",
        "-------------  -------------------------------------------  ----  --------",
        "legal, but odd: 7 findings",
        "code                   what                                                                                                                            line  found",
        "---------------------  ------------------------------------------------------------------------------------------------------------------------------  ----  -----",
        "orphan_reference       2 rows of interactions with a category_id that is not in service_categories; the first is initial/interactions.csv row 6              FAXR",
        "orphan_reference       9 rows of interactions with a agent_id that is not in agents; the first is initial/interactions.csv row 6                             A07",
        "duration_without_call  1 interaction with a duration, although not a phone call: not counted; the first is delta/interactions_delta_202502.csv row 10        9",
        "duration_differs       1 call with a duration that is not the time from start to end; the first is delta/interactions_delta_202503.csv row 18                11.5",
        "month_differs          4 interactions would be in another month in the zone UTC",
        "month_differs          1 interaction would be in another month in the zone EST",
        "month_differs          4 interactions would be in another month by the column timestamp",
        "--- status 3",
      ]
    `)
    expect(text).toMatch(/ {2}and \d+ more; --json lists all\n/)
  })

  it('says that nothing is wrong', async () => {
    const { data, said } = places()
    for (const name of ['interactions', 'service_categories', 'contact_centers', 'agents']) {
      const file = join(data, 'initial', `${name}.csv`)
      const [header = ''] = readFileSync(file, 'utf8').split('\n')
      writeFileSync(file, `${header}\n`)
    }
    rmSync(join(data, 'delta'), { recursive: true })
    expect(await said('check', '--data', data)).toMatchInlineSnapshot(`
      "4 files read, 0 rows

      a run would warn of (strict: stop at): 4 findings

      code           what                                                     line  found
      -------------  -------------------------------------------------------  ----  -----
      empty_extract  initial/interactions.csv: the extract has no rows
      empty_extract  initial/agents.csv: the extract has no rows
      empty_extract  initial/contact_centers.csv: the extract has no rows
      empty_extract  initial/service_categories.csv: the extract has no rows
      --- status 0
      "
    `)
  })
})

describe('commands that read a state', () => {
  it('print it whole', async () => {
    const { data, out, said } = places()
    await said('run', '--data', data, '--out', out)
    expect(await said('status', '--out', out, '--data', data)).toMatchInlineSnapshot(`
      "FOLDER/out: version 1, committed INSTANT
      job support: timeZone America/New_York, monthFrom interaction_start; lenient; 5 copies as csv

      table               rows  files  latest
      ------------------  ----  -----  -------
      interactions          68      3  2025-03
      agents                11      3  2025-03
      contact_centers        4      2  2025-03
      service_categories     8      3  2025-03

      copy                    rows  state
      ----------------------  ----  ------
      support_report.csv        25  intact
      interactions.csv          68  intact
      agents.csv                11  intact
      contact_centers.csv        4  intact
      service_categories.csv     8  intact

      pending in FOLDER/data: nothing
      --- status 0
      "
    `)
    expect(await said('verify', '--out', out)).toMatchInlineSnapshot(`
      "1 commit, 22 files, 81,176 bytes checked
      everything is as the log says
      --- status 0
      "
    `)
    expect(await said('gc', '--out', out)).toMatchInlineSnapshot(`
      "nothing to remove in FOLDER/out
      --- status 0
      "
    `)
    expect(await said('quarantine', '--out', out)).toMatchInlineSnapshot(`
      "no row waits in FOLDER/out
      --- status 0
      "
    `)
    expect(await said('history', '--out', out, '--table', 'contact_centers')).toMatchInlineSnapshot(`
      "contact_center_id  version  valid_from  valid_to  is_deleted  contact_center_name  location     file                                    row
      -----------------  -------  ----------  --------  ----------  -------------------  -----------  --------------------------------------  ---
      010                      1                        false       Portland ME          Portland ME  initial/contact_centers.csv               1
      020                      1              2025-03   false       Columbus Interim     Columbus OH  initial/contact_centers.csv               2
      020                      2  2025-03               false       Columbus OH          Columbus OH  delta/contact_centers_delta_202503.csv    1
      030                      1                        false       Savannah GA          Savannah GA  initial/contact_centers.csv               3
      040                      1  2025-03               false       Tampa FL             Tampa FL     delta/contact_centers_delta_202503.csv    2
      --- status 0
      "
    `)
    expect(await said('history', '--out', out, '--table', 'contact_centers', '--key', 'nope')).toMatchInlineSnapshot(`
      "--- stderr
      error: --key: contact_centers never had a row with this contact_center_id; history without --key lists all
        found     nope
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('diff', '--out', out)).toMatchInlineSnapshot(`
      "--- stderr
      error: FOLDER/out has nothing before commit 1 that it could differ from
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    await said('run', '--data', data, '--out', out, '--time-zone', 'UTC')
    expect(await said('diff', '--out', out)).toMatchInlineSnapshot(`
      "FOLDER/out: version 1 to version 2

      table               added  removed  changed
      ------------------  -----  -------  -------
      interactions            0        0        0
      agents                  0        0        0
      contact_centers         0        0        0
      service_categories      0        0        0
      support_report          2        0        6
      --- status 0
      "
    `)
    expect(await said('report', '--out', out)).toMatchInlineSnapshot(`
      "FOLDER/out, version 2; months are those of interaction_start in UTC

      month    contact_center_name  department  total_interactions  total_calls  total_call_duration
      -------  -------------------  ----------  ------------------  -----------  -------------------
      2025-01  Columbus OH          Accounts                     3            2                 25
      2025-01  Columbus OH          Field Work                   3            3                 28
      2025-01  Columbus OH          Network                      1            1                 30
      2025-01  Portland ME          Accounts                     4            3                 42.5
      2025-01  Portland ME          Network                      3            2                 24
      2025-01  Portland ME          Unknown                      2            1                 12
      2025-01  Savannah GA          Accounts                     3            2                 23
      2025-01  Savannah GA          Network                      2            2                 19
      2025-02  Columbus OH          Accounts                     4            3                 36
      2025-02  Columbus OH          Field Work                   2            2                 17
      2025-02  Portland ME          Accounts                     4            3                 42
      2025-02  Portland ME          Network                      2            2                 22
      2025-02  Savannah GA          Network                      2            2                 19
      2025-02  Savannah GA          New Energy                   2            2                 22
      2025-02  Tampa FL             New Energy                   6            4                 40
      2025-03  Columbus OH          Accounts                     3            2                 23
      2025-03  Columbus OH          Field Work                   2            2                 19
      2025-03  Portland ME          Accounts                     3            2                 29
      2025-03  Portland ME          Network                      2            2                 28
      2025-03  Portland ME          New Energy                   2            1                 12
      2025-03  Savannah GA          Network                      2            2                 19
      2025-03  Savannah GA          New Energy                   2            2                 21.5
      2025-03  Tampa FL             Accounts                     2            2                 20
      2025-03  Tampa FL             Field Work                   4            2                 18
      2025-03  Tampa FL             New Energy                   1            1                 12
      2025-04  Portland ME          Network                      1            1                 15
      2025-04  Savannah GA          Network                      1            1                 12
      --- status 0
      "
    `)
    expect(await said('answers', '--out', out)).toMatchInlineSnapshot(`
      "FOLDER/out, version 2; months are those of interaction_start in UTC

      1. Interactions per contact center in 2025-Q1 (2025-01 to 2025-03): 66 in all

         contact center  interactions
         --------------  ------------
         Portland ME               22
         Columbus OH               18
         Savannah GA               13
         Tampa FL                  13

      2. The month with the most interactions in 2025-Q1 (2025-01 to 2025-03): 2025-03, with 23 interactions

         month    interactions
         -------  ------------
         2025-01            21
         2025-02            22
         2025-03            23

      3. The longest average call in 2025-Q1 (2025-01 to 2025-03): Portland ME, 13.22 minutes

         contact center  calls  minutes  average  handle time  calls that go on  by minutes  rated
         --------------  -----  -------  -------  -----------  ----------------  ----------  -----
         Portland ME        16    211.5    13.22         7.13                14        6.96     14
         Columbus OH        15    178      11.87        11.87                 0           –      0
         Savannah GA        12    123.5    10.29        10.25                 0           –      0
         Tampa FL            9     90      10.00        10.00                 0           –      0

         Why: 14 of Portland ME's 16 calls go on after the agent has resolved them, by 6.96 minutes on average; all 14 rated calls are among them: a survey after the call.
         Better measure: handle time, from the start to the agent's resolution: Columbus OH 11.87, Savannah GA 10.25, Tampa FL 10.00, Portland ME 7.13.
         The ranking reverses: Portland ME is first of 4 by call length and last by handle time; Columbus OH takes longest.
      --- status 0
      "
    `)
    expect(await said('answers', '--out', out, '--quarter', ' ALL ')).toMatchInlineSnapshot(`
      "FOLDER/out, version 2; months are those of interaction_start in UTC

      1. Interactions per contact center in all months, 2025-01 to 2025-04: 68 in all

         contact center  interactions
         --------------  ------------
         Portland ME               23
         Columbus OH               18
         Savannah GA               14
         Tampa FL                  13

      2. The month with the most interactions in all months, 2025-01 to 2025-04: 2025-03, with 23 interactions

         month    interactions
         -------  ------------
         2025-01            21
         2025-02            22
         2025-03            23
         2025-04             2

      3. The longest average call in all months, 2025-01 to 2025-04: Portland ME, 13.32 minutes

         contact center  calls  minutes  average  handle time  calls that go on  by minutes  rated
         --------------  -----  -------  -------  -----------  ----------------  ----------  -----
         Portland ME        17    226.5    13.32         7.18                15        6.97     15
         Columbus OH        15    178      11.87        11.87                 0           –      0
         Savannah GA        13    135.5    10.42        10.38                 0           –      0
         Tampa FL            9     90      10.00        10.00                 0           –      0

         Why: 15 of Portland ME's 17 calls go on after the agent has resolved them, by 6.97 minutes on average; all 15 rated calls are among them: a survey after the call.
         Better measure: handle time, from the start to the agent's resolution: Columbus OH 11.87, Savannah GA 10.38, Tampa FL 10.00, Portland ME 7.18.
         The ranking reverses: Portland ME is first of 4 by call length and last by handle time; Columbus OH takes longest.
      --- status 0
      "
    `)
    const line = ['--month', '202502', '--contact-center', 'Portland ME', '--department', 'Network']
    expect(await said('explain', '--out', out, '--data', data, ...line)).toMatchInlineSnapshot(`
      "2025-02, Portland ME, Network: total_interactions 2, total_calls 2, total_call_duration 22

      interaction_id  interaction_start     channel  call_duration_minutes  file                                 row  line  line in the file
      --------------  --------------------  -------  ---------------------  -----------------------------------  ---  ----  ------------------------------------------------------------------------------------------------------------------------
      0206            INSTANT  phone                       13  delta/interactions_delta_202502.csv    8     9  0206,INSTANT,phone,OUTG,A01,010,INSTANT,INSTANT,INSTANT,13.0,4.0,add
      0218            INSTANT  phone                        9  delta/interactions_delta_202502.csv   21    22  0218,INSTANT,phone,OUTG,A01,010,INSTANT,INSTANT,INSTANT,9.0,,add
      --- status 0
      "
    `)
    const folder = join(out, '.support-etl', 'data')
    for (const name of readdirSync(folder))
      if (/^(agents|contact_centers)-/.test(name)) writeFileSync(join(folder, name), '')
    expect((await said('verify', '--out', out)).replace(/-[0-9a-f]{16}\./g, '-HASH.')).toMatchInlineSnapshot(`
      "2 commits, 24 files, 85,304 bytes checked

      file                                                                   kind  problem  repair
      ---------------------------------------------------------------------  ----  -------  ------
      .support-etl/data/agents-initial-HASH.arrow                data  differs
      .support-etl/data/contact_centers-initial-HASH.arrow       data  differs
      .support-etl/data/agents-delta-202502-HASH.arrow           data  differs
      .support-etl/data/agents-delta-202503-HASH.arrow           data  differs
      .support-etl/data/contact_centers-delta-202503-HASH.arrow  data  differs
      .support-etl/data/agents-HASH.arrow                        data  differs
      .support-etl/data/contact_centers-HASH.arrow               data  differs
      --- stderr
      error: 7 files in FOLDER/out are damaged; restore the data from a copy, or run into a new folder
      --- status 1
      "
    `)
  })
})

describe('generate', () => {
  it('lists the files that it made', async () => {
    const { data, said } = places()
    expect(await said('generate', '--interactions', '100', '--out', join(data, 'made'))).toMatchInlineSnapshot(`
      "file in FOLDER/data/made   bytes
      ---------------------------------------------  ------
      initial/agents.csv                              1,003
      initial/contact_centers.csv                       676
      initial/service_categories.csv                    543
      initial/interactions.csv                       12,278
      delta/agents_delta_202502.csv                     248
      delta/service_categories_delta_202502.csv         113
      delta/interactions_delta_202502.csv             1,435
      delta/agents_delta_202503.csv                     262
      delta/contact_centers_delta_202503.csv            123
      delta/service_categories_delta_202503.csv         115
      delta/interactions_delta_202503.csv             1,341
      --- status 0
      "
    `)
    expect(await said('generate', '--interactions', '99', '--out', join(data, 'made'))).toMatchInlineSnapshot(`
      "--- stderr
      error: FOLDER/data/made already holds initial/agents.csv; choose an empty folder
        code      path_invalid (support-etl errors path_invalid)
      --- status 2
      "
    `)
    expect(await said('calls', 'generate', '--calls', '100', '--out', join(data, 'log'))).toMatchInlineSnapshot(`
      "file in FOLDER/data/log   bytes
      --------------------------------------------  ------
      sample_calls.json                             19,914
      agents.csv                                       132
      ground_truth.json                              1,054
      --- status 0
      "
    `)
    expect(await said('calls', 'generate', '--calls', 'many', '--out', join(data, 'log'))).toMatchInlineSnapshot(`
      "--- stderr
      error: --calls "many": expected a whole number
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
  })
})

describe('dashboard', () => {
  it('refuses a port that is none', async () => {
    const { said } = places()
    expect(await said('dashboard', '--port', '70000')).toMatchInlineSnapshot(`
      "--- stderr
      error: --port "70000": expected a port, at most 65535
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
  })
})
