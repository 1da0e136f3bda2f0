/** What the commands about calls print for people, whole. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { saidIn } from '../../../cli/said.ts'
import { line, sample, temporaryFolder } from '../places.ts'

/** A folder with a log and an agents list, and the command that cleans it. */
function logOf(log: string) {
  const folder = temporaryFolder()
  const path = (name: string) => join(folder, name)
  writeFileSync(path('agents.csv'), 'agent_id,name,region\nA1,Ada,North\n')
  writeFileSync(path('calls.json'), log)
  const files = { calls: 'calls.json', agents: 'agents.csv', output: 'calls.parquet', manifest: 'manifest.json' }
  const flags = Object.entries(files).flatMap(([name, file]) => [`--${name}`, path(file)])
  const said = saidIn(folder)
  const clean = (...more: string[]) => said('calls', 'clean', ...flags, ...more)
  const summary = (...more: string[]) => said('calls', 'summary', '--data', path('calls.parquet'), ...more)
  return { path, clean, summary }
}

const repeat = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join('')

describe('calls clean', () => {
  it('says what was read, what was refused and on which lines, and that nothing is new', async () => {
    const { path, clean } = logOf(
      [
        repeat(3, (at) => line({ call_id: `c${at}`, agent_id: at === 0 ? 'A1' : 'A9' })),
        line({ call_id: 'c0', rating: 'good' }),
        repeat(1206, () => '{"call_id":\n'),
        repeat(7, () => line({ call_id: null })),
        repeat(6, (at) => line({ call_id: `s${at}`, start_time: null })),
        line({ call_id: 's', start_time: 'soon' }),
        line({ call_id: 'e', end_time: null }),
        line({ call_id: 'e', end_time: 'late' }),
        line({ call_id: 'e', end_time: '2025-01-01T10:00:00Z' }),
        line({ call_id: 'e', end_time: '2025-01-01T09:00:00Z' }),
      ].join(''),
    )
    expect(await clean('--max-quarantined', '100%')).toMatchInlineSnapshot(`
      "FOLDER/calls.parquet is written: 3 calls
      1,228 rows read; 1 repeated call id (the last one stays); 2 calls of agents who are not in the list
      1 rating could not be read and became empty

      refused because       rows  lines
      -------------------  -----  ---------------------------------------------
      no JSON object       1,206  5, 6, 7, 8, 9, 10 and 1,200 more
      no call id               7  1211, 1212, 1213, 1214, 1215, 1216 and 1 more
      no start                 6  1218, 1219, 1220, 1221, 1222, 1223
      start is unreadable      1  1224
      no end                   1  1225
      end is unreadable        1  1226
      end equals start         1  1227
      end before start         1  1228

      see them all with --rejects FILE
      --- status 0
      "
    `)
    const rejects = ['--rejects', path('rejects.csv')]
    const again = await clean('--max-quarantined', '100%', ...rejects)
    expect(again.split('\n').filter((text) => /parquet|rejects/.test(text))).toMatchInlineSnapshot(`
      [
        "FOLDER/calls.parquet is as it was: 3 calls",
        "all of them: FOLDER/rejects.csv",
      ]
    `)
  })

  it('has no table where nothing was refused, and one call is one', async () => {
    const { clean } = logOf(line({ call_id: 'c1', rating: 5 }))
    expect(await clean()).toMatchInlineSnapshot(`
      "FOLDER/calls.parquet is written: 1 call
      1 row read; 0 repeated call ids (the last one stays); 0 calls of agents who are not in the list
      --- status 0
      "
    `)
    expect(await clean('--append')).toMatchInlineSnapshot(`
      "FOLDER/calls.parquet is as it was: 1 call
      1 row read; 1 repeated call id (the last one stays); 0 calls of agents who are not in the list
      --- status 0
      "
    `)
  })

  it('says which files to name where one is not there', async () => {
    const { clean, path } = logOf('')
    expect(await clean('--agents', path('nobody.csv'))).toMatchInlineSnapshot(`
      "--- stderr
      error: cannot read FOLDER/nobody.csv: does not exist; check the name and the folder (ENOENT); name the files with --calls and --agents, or make some with "support-etl calls generate"
        code      not_found (support-etl errors not_found)
      --- status 1
      "
    `)
    expect(await clean('--max-quarantined', 'half')).toMatchInlineSnapshot(`
      "--- stderr
      error: --max-quarantined "half": expected a share such as 5%, at most 100%
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await clean('--manifest', path('calls.json'))).toMatchInlineSnapshot(`
      "--- stderr
      error: --calls and --manifest are the same file, FOLDER/calls.json, which would be lost; give each its own
        code      path_invalid (support-etl errors path_invalid)
      --- status 2
      "
    `)
  })
})

describe('calls summary', () => {
  const folder = () => {
    const found = logOf('')
    for (const [name, file] of [
      ['sample_calls.json', 'calls.json'],
      ['agents.csv', 'agents.csv'],
    ] as const)
      copyFileSync(join(sample, name), found.path(file))
    return found
  }

  it('prints figures, their changes, and what they are by', async () => {
    const { clean, summary } = folder()
    await clean()
    expect(await summary()).toMatchInlineSnapshot(`
      "FOLDER/calls.parquet: 1,192 calls of all time
      a period, such as --period 28d, is compared with the one before

      figure                           now  before  change  95 % interval
      ----------------------------  ------  ------  ------  -------------
      calls                          1,192       –       –              –
      average handle time, minutes    8.58       –       –              –
      resolution rate               77.0 %       –       –              –
      escalations                      118       –       –              –
      median duration, minutes        5.66       –       –              –
      90th percentile, minutes       15.40       –       –              –
      average rating                  3.90       –       –              –

      average handle time: one call of 1,147.1 minutes (C0000835) moves it; 7.63 without that call (95 % interval 7.24 to 8.01), 8.58 with it
      average rating: one call rated 55 (C0000507) moves it; 3.78 without that call (95 % interval 3.67 to 3.89), 3.90 with it
      510 customers; 15.1 % of calls within a week of another, 69.6 % of first contacts settled

      issue         calls   share  resolved  minutes  rating
      ------------  -----  ------  --------  -------  ------
      Billing         337  28.3 %    86.9 %     6.43    4.36
      Technical       269  22.6 %    62.5 %    11.92    3.47
      Outage          196  16.4 %    70.9 %     4.83    3.71
      Account         173  14.5 %    96.5 %    12.25    4.14
      Delivery        127  10.7 %    79.5 %     6.49    3.91
      Cancellation     90   7.6 %    55.6 %    10.75    3.50

      region   calls   share  resolved  minutes  rating
      -------  -----  ------  --------  -------  ------
      West       748  62.8 %    77.8 %     8.60    4.00
      North      204  17.1 %    83.3 %     7.26    3.97
      East       192  16.1 %    68.8 %     9.74    3.48
      Unknown     48   4.0 %    70.8 %     9.30    3.53
      --- status 0
      "
    `)
    expect(await summary('--period', '28d')).toMatchInlineSnapshot(`
      "FOLDER/calls.parquet: 312 calls from 2025-06-02 to 2025-06-29
      compared: 2025-06-02 to 2025-06-29 with 2025-05-05 to 2025-06-01

      figure                           now  before       change        95 % interval
      ----------------------------  ------  ------  -----------  -------------------  ------------
      calls                            312     288       +8.3 %           −24 to +72  within noise
      average handle time, minutes    7.52   11.53      −34.8 %      −11.89 to +3.85  within noise
      resolution rate               78.2 %  77.1 %  +1.1 points  −5.5 to +7.8 points  within noise
      escalations                       27      31      −12.9 %           −19 to +11  within noise
      median duration, minutes        5.38    5.67       −4.9 %       −0.93 to +0.57  within noise
      90th percentile, minutes       14.51   15.50       −6.4 %       −5.31 to +2.11  within noise
      average rating                  3.70    3.84        −0.14       −0.45 to +0.16  within noise

      239 customers; 13.8 % of calls within a week of another, 70.6 % of first contacts settled

      issue         calls   share  resolved  minutes  rating
      ------------  -----  ------  --------  -------  ------
      Billing          92  29.5 %    90.2 %     6.48    3.93
      Technical        67  21.5 %    61.2 %    11.93    3.38
      Outage           51  16.3 %    70.6 %     4.99    3.44
      Account          43  13.8 %    90.7 %     5.97    3.88
      Delivery         34  10.9 %    82.4 %     5.82    3.73
      Cancellation     25   8.0 %    68.0 %     9.66    3.64

      region   calls   share  resolved  minutes  rating
      -------  -----  ------  --------  -------  ------
      West       193  61.9 %    79.3 %     7.00    3.69
      East        56  17.9 %    69.6 %     9.58    3.59
      North       51  16.3 %    86.3 %     7.56    4.07
      Unknown     12   3.8 %    66.7 %     6.04    3.00
      --- status 0
      "
    `)
    expect(await summary('--period', '2025-06-24..2025-06-30', '--issue', 'Billing')).toMatchInlineSnapshot(`
      "FOLDER/calls.parquet: 23 calls from 2025-06-24 to 2025-06-30
      compared: 2025-06-24 to 2025-06-29 with 2025-06-17 to 2025-06-22; 2025-06-30 may not be over and is not compared

      figure                           now  compared  before       change          95 % interval
      ----------------------------  ------  --------  ------  -----------  ---------------------  ------------
      calls                             23        19      14      +35.7 %              −6 to +16  within noise
      average handle time, minutes    6.19      5.65    7.21      −21.6 %         −4.91 to +1.79  within noise
      resolution rate               91.3 %    89.5 %  85.7 %  +3.8 points  −19.5 to +30.5 points  within noise
      escalations                        1         1       2      −50.0 %               −4 to +2  within noise
      median duration, minutes        5.23      5.18    5.58       −7.1 %         −2.89 to +1.16  within noise
      90th percentile, minutes       10.02      9.12   14.32      −36.3 %                      –  within noise
      average rating                  3.67      3.75    4.00        −0.25         −1.52 to +1.02  within noise

      23 customers; 8.7 % of calls within a week of another, 81.0 % of first contacts settled

      issue         calls   share  resolved  minutes  rating
      ------------  -----  ------  --------  -------  ------
      Billing          23  29.9 %    91.3 %     6.19    3.67
      Technical        19  24.7 %    73.7 %    15.67    3.75
      Account          12  15.6 %   100.0 %     5.66    4.50
      Outage           10  13.0 %    70.0 %     4.94    3.33
      Delivery          9  11.7 %   100.0 %     7.59    4.60
      Cancellation      4   5.2 %   100.0 %    12.77    4.00

      region   calls   share  resolved  minutes  rating
      -------  -----  ------  --------  -------  ------
      West        15  65.2 %    86.7 %     6.55    3.50
      East         3  13.0 %   100.0 %     6.83       –
      North        3  13.0 %   100.0 %     4.37    5.00
      Unknown      2   8.7 %   100.0 %     5.24       –
      --- status 0
      "
    `)
  })

  it('says which days are compared, or why none are', async () => {
    const { clean, summary } = folder()
    await clean()
    const second = async (...flags: string[]) => (await summary(...flags)).split('\n').slice(0, 2)
    expect([
      await second('--period', '24h'),
      await second('--period', '7d', '--compare', 'none'),
      await second('--period', '7d', '--compare', 'year'),
      await second('--period', '7d', '--compare', 'previous'),
      await second('--period', '2025-06-30..2025-06-30'),
      await second('--period', '2025-06-28..2025-06-29'),
      await second('--period', '2025-06-20..2025-06-30'),
      await second('--period', 'all'),
    ]).toMatchInlineSnapshot(`
      [
        [
          "FOLDER/calls.parquet: 16 calls from INSTANT to INSTANT",
          "compared: INSTANT to INSTANT with INSTANT to INSTANT; their weekdays differ",
        ],
        [
          "FOLDER/calls.parquet: 76 calls from 2025-06-23 to 2025-06-29",
          "nothing is compared",
        ],
        [
          "FOLDER/calls.parquet: 76 calls from 2025-06-23 to 2025-06-29",
          "nothing is compared: the data begins later than the other period",
        ],
        [
          "FOLDER/calls.parquet: 76 calls from 2025-06-23 to 2025-06-29",
          "compared: 2025-06-23 to 2025-06-29 with 2025-06-16 to 2025-06-22",
        ],
        [
          "FOLDER/calls.parquet: 16 calls from 2025-06-30 to 2025-06-30",
          "nothing is compared: no day of the period is known to be over; 2025-06-30 may not be over and is not compared",
        ],
        [
          "FOLDER/calls.parquet: 9 calls from 2025-06-28 to 2025-06-29",
          "compared: 2025-06-28 to 2025-06-29 with 2025-06-26 to 2025-06-27; their weekdays differ",
        ],
        [
          "FOLDER/calls.parquet: 116 calls from 2025-06-20 to 2025-06-30",
          "compared: 2025-06-20 to 2025-06-29 with 2025-06-09 to 2025-06-18; their weekdays differ; 2025-06-30 may not be over and is not compared",
        ],
        [
          "FOLDER/calls.parquet: 1,192 calls of all time",
          "a period, such as --period 28d, is compared with the one before",
        ],
      ]
    `)
  })

  it('shows dashes where no call is, and warns of names that no call has', async () => {
    const { clean, summary } = folder()
    await clean()
    const strangers = ['--region', 'Nrth', '--issue', 'xyz', '--agent', '0', '--resolution', 'resolvd\u001b']
    expect(await summary('--period', '7d', ...strangers)).toMatchInlineSnapshot(`
      "FOLDER/calls.parquet: 0 calls from 2025-06-23 to 2025-06-29
      compared: 2025-06-23 to 2025-06-29 with 2025-06-16 to 2025-06-22

      figure                        now  before  change  95 % interval
      ----------------------------  ---  ------  ------  -------------
      calls                           0       0       –              –
      average handle time, minutes    –       –       –              –
      resolution rate                 –       –       –              –
      escalations                     0       0       –              –
      median duration, minutes        –       –       –              –
      90th percentile, minutes        –       –       –              –
      average rating                  –       –       –              –

      0 customers; – of calls within a week of another, – of first contacts settled

      issue         calls  share  resolved  minutes  rating
      ------------  -----  -----  --------  -------  ------
      Account           0      –         –        –       –
      Billing           0      –         –        –       –
      Cancellation      0      –         –        –       –
      Delivery          0      –         –        –       –
      Outage            0      –         –        –       –
      Technical         0      –         –        –       –

      region   calls  share  resolved  minutes  rating
      -------  -----  -----  --------  -------  ------
      East         0      –         –        –       –
      North        0      –         –        –       –
      Unknown      0      –         –        –       –
      West         0      –         –        –       –
      --- stderr
      warning: no call has --region "Nrth": did you mean "North"?
      warning: no call has --issue "xyz": there are "Billing", "Account", "Technical", "Outage", "Cancellation", "Delivery"
      warning: no call has --agent "0": there are "A003", "A006", "A002", "A001", "A004", "A005"
      warning: no call has --resolution "resolvd\\u001b": did you mean "resolved"?
      --- status 0
      "
    `)
    expect(await summary('--region', 'North', '--rating', '5', '--minutes', '15..')).toMatchInlineSnapshot(`
      "FOLDER/calls.parquet: 1 call of all time
      a period, such as --period 28d, is compared with the one before

      figure                            now  before  change  95 % interval
      ----------------------------  -------  ------  ------  -------------
      calls                               1       –       –              –
      average handle time, minutes    15.67       –       –              –
      resolution rate               100.0 %       –       –              –
      escalations                         0       –       –              –
      median duration, minutes        15.67       –       –              –
      90th percentile, minutes        15.67       –       –              –
      average rating                   5.00       –       –              –

      1 customer; 100.0 % of calls within a week of another, – of first contacts settled

      issue         calls    share  resolved  minutes  rating
      ------------  -----  -------  --------  -------  ------
      Cancellation      1  100.0 %   100.0 %    15.67    5.00
      Account           0    0.0 %         –        –       –
      Billing           0    0.0 %         –        –       –
      Delivery          0    0.0 %         –        –       –
      Outage            0    0.0 %         –        –       –
      Technical         0    0.0 %         –        –       –

      region   calls   share  resolved  minutes  rating
      -------  -----  ------  --------  -------  ------
      West         2  50.0 %   100.0 %    17.00    5.00
      North        1  25.0 %   100.0 %    15.67    5.00
      Unknown      1  25.0 %   100.0 %    16.92    5.00
      East         0   0.0 %         –        –       –
      --- status 0
      "
    `)
  })

  it('names the one call that moves a mean, and what has no name', async () => {
    const calls = repeat(60, (at) => line({ call_id: `c${at}`, rating: 5, region: null, issue_type: null }))
    const odd = line({ call_id: 'c60', end_time: '2025-01-01T22:00:00Z', rating: 1, agent_id: 'A9' })
    const { clean, summary } = logOf(`${calls}${odd}`)
    await clean()
    expect(await summary()).toMatchInlineSnapshot(`
      "FOLDER/calls.parquet: 61 calls of all time
      a period, such as --period 28d, is compared with the one before

      figure                            now  before  change  95 % interval
      ----------------------------  -------  ------  ------  -------------
      calls                              61       –       –              –
      average handle time, minutes    12.79       –       –              –
      resolution rate               100.0 %       –       –              –
      escalations                         0       –       –              –
      median duration, minutes         1.00       –       –              –
      90th percentile, minutes         1.00       –       –              –
      average rating                   4.93       –       –              –

      average handle time: one call of 720 minutes (c60) moves it; 1.00 without that call (95 % interval 1.00 to 1.00), 12.79 with it
      average rating: one call rated 1 (c60) moves it; 5.00 without that call (95 % interval 5.00 to 5.00), 4.93 with it
      0 customers; – of calls within a week of another, – of first contacts settled

      issue    calls   share  resolved  minutes  rating
      -------  -----  ------  --------  -------  ------
      (none)      60  98.4 %   100.0 %     1.00    5.00
      billing      1   1.6 %   100.0 %   720.00    1.00

      region   calls   share  resolved  minutes  rating
      -------  -----  ------  --------  -------  ------
      North       60  98.4 %   100.0 %     1.00    5.00
      Unknown      1   1.6 %   100.0 %   720.00    1.00
      --- status 0
      "
    `)
  })

  it('says how to make the file where there is none, and refuses a count that is none', async () => {
    const { summary } = logOf('')
    expect(await summary()).toMatchInlineSnapshot(`
      "--- stderr
      error: cannot read FOLDER/calls.parquet: does not exist; check the name and the folder (ENOENT); make it with "support-etl calls clean"
        code      not_found (support-etl errors not_found)
      --- status 1
      "
    `)
    expect(await summary('--minimum', 'ten')).toMatchInlineSnapshot(`
      "--- stderr
      error: --minimum "ten": expected a whole number
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
  })
})

describe('calls generate', () => {
  it('refuses a folder that holds one of its files, and lists the files for a machine', async () => {
    const { path } = logOf('')
    const said = saidIn(path(''))
    mkdirSync(path('made'))
    const numbers = ['--calls', '100', '--seed', '2', '--days', '10']
    const made = await said('calls', 'generate', ...numbers, '--out', path('made'), '--json')
    expect(JSON.parse(made.replace(/---[\s\S]*/, ''))).toMatchObject({
      ...{ calls: 100, seed: 2, days: 10 },
      files: [{ name: 'sample_calls.json' }, { name: 'agents.csv' }, { name: 'ground_truth.json' }],
    })
    expect(await said('calls', 'generate', '--out', path('made'))).toMatchInlineSnapshot(`
      "--- stderr
      error: FOLDER/made already holds sample_calls.json; choose another folder with --out
        code      path_invalid (support-etl errors path_invalid)
      --- status 2
      "
    `)
  })
})
