/** What the commands about transcripts print for people, whole. */
import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from '../../../cli/command-line.ts'
import { saidIn } from '../../../cli/said.ts'

/** A folder of calls and an empty place, and the commands. */
function places() {
  const folder = emptyFolder()
  const [data, out] = [join(folder, 'data'), join(folder, 'out')]
  const said = saidIn(folder)
  const on = (command: string, ...more: string[]) =>
    said('transcripts', command, '--data', data, '--out', out, '--prefix', 'bronze', ...more)
  return { data, out, on, said }
}

/** The text without the seconds of each layer, which are never the same twice. */
const timeless = (text: string): string => text.replace(/^((?:bronze|silver|gold) .*) \d+\.\d\d$/gm, '$1 SECS')

describe('transcripts', () => {
  it('status says what lies there, what the layers hold, and who sells', async () => {
    const { data, out, on, said } = places()
    const generate = [
      'transcripts',
      'generate',
      '--num-calls',
      '30',
      '--seed',
      '5',
      '--out',
      data,
      '--prefix',
      'bronze',
    ]
    expect(await said(...generate)).toMatchInlineSnapshot(`
      "30 calls written to FOLDER/data/bronze/
      what is true of them: FOLDER/data/ground_truth.json
      --- status 0
      "
    `)
    expect(await on('run')).toMatchInlineSnapshot(`
      "committed version 1 to FOLDER/out

      applied                   rows  inserted  updated  unchanged  deleted  ignored  quarantined
      ------------------------  ----  --------  -------  ---------  -------  -------  -----------
      bronze/**/{call_id}.json    30        30        0          0        0        0            0
      agents.csv                   0         0        0          0        0        0            0

      table                rows
      -------------------  ----
      bronze_calls           30
      agents                  0
      silver_call_records    30
      call_findings          30
      gold_call_analytics    30

      published
        FOLDER/out/gold_agent_performance.csv
        FOLDER/out/gold_team_performance.csv
        FOLDER/out/gold_daily_metrics.csv
        FOLDER/out/gold_call_evidence.csv
        FOLDER/out/gold_call_upsells.csv
        FOLDER/out/silver_call_records.csv
        FOLDER/out/gold_call_analytics.csv
      --- stderr
      FOLDER/data has no agents.csv: table agents is empty until it comes
      --- status 0
      "
    `)
    expect(timeless(await on('status'))).toMatchInlineSnapshot(`
      "FOLDER/out: version 1, committed INSTANT
      FOLDER/data/bronze/: 30 files, 23,946 bytes

      layer   rows  agents  seconds
      ------  ----  ------  -------
      bronze    30      12     SECS
      silver    30      12     SECS
      gold      30      12     SECS

      figure               value
      ---------------  ---------
      conversion rate    26.67 %
      conversions              8
      upsell revenue   $1,774.98
      positive calls          12
      neutral calls           16
      negative calls           2

      top agents       calls  conversion rate  upsell revenue
      ---------------  -----  ---------------  --------------
      Siobhan O'Brien      3          66.67 %       $1,037.99
      Priya Raman          4          25.00 %         $610.99
      Omar Haddad          3          66.67 %            $126
      Jean-Luc Moreau      4          75.00 %              $0
      Amanda White         3           0.00 %              $0
      --- status 0
      "
    `)
    const [first = ''] = readdirSync(join(data, 'bronze'))
    appendFileSync(join(data, 'bronze', first), 'x')
    await on('run')
    expect((await on('status')).split('--- stderr')[1]).toMatchInlineSnapshot(`
      "
      warning: 1 row waits in quarantine; support-etl quarantine --out FOLDER/out shows what does not fit
      --- status 0
      "
    `)
    const file = join(data, 'bronze', first)
    const elsewhere = await said('transcripts', 'status', '--data', file, '--out', out, '--prefix', 'bronze')
    expect(elsewhere.split('\n')[1]?.replaceAll(first, 'CALL')).toMatchInlineSnapshot(
      `"FOLDER/data/bronze/CALL/bronze/ cannot be listed: cannot list FOLDER/data/bronze/CALL/bronze: lies below something that is not a folder; check the path (ENOTDIR)"`,
    )
    const json = await said('transcripts', 'status', '--data', file, '--out', out, '--prefix', 'bronze', '--json')
    expect(JSON.parse(json.replace(/\n---[\s\S]*/, '')).bronze).toMatchObject({
      ...{ is_reachable: false, files: null, bytes: null },
      problem: expect.stringContaining('cannot list'),
    })
  })

  it('evaluate shows how many of each class were found, and by which rule', async () => {
    const { data, on, said } = places()
    const none = await on('evaluate', '--rules')
    const [work = '', scored = ''] = none.split(/(?=hand-labelled, only scored)/)
    expect(work).toMatchInlineSnapshot(`
      "hand-labelled, the part for work: 151 calls
      mood right in 99.3 % (96.3–99.9), macro F1 99.3 % (94.5–99.9); amounts exact in 100.0 % (89.6–100.0) of calls with upsells

      mood: labelled  found negative  found neutral  found positive
      --------------  --------------  -------------  --------------
      negative                    35              0               0
      neutral                      1             82               0
      positive                     0              0              33

      conversion: labelled  found none  found conversion
      --------------------  ----------  ----------------
      none                         104                 0
      conversion                     0                47

      class       labelled  found             precision                recall                    F1
      ----------  --------  -----  --------------------  --------------------  --------------------
      negative          35     36    97.2 % (85.8–99.5)  100.0 % (90.1–100.0)    98.6 % (92.4–99.8)
      neutral           83     82  100.0 % (95.5–100.0)    98.8 % (93.5–99.8)    99.4 % (96.6–99.9)
      positive          33     33  100.0 % (89.6–100.0)  100.0 % (89.6–100.0)  100.0 % (94.5–100.0)
      conversion        47     47  100.0 % (92.4–100.0)  100.0 % (92.4–100.0)  100.0 % (96.1–100.0)
      upsell            34     37    91.9 % (78.7–97.2)  100.0 % (89.8–100.0)    95.8 % (88.1–98.6)
      product           34     37    91.9 % (78.7–97.2)  100.0 % (89.8–100.0)    95.8 % (88.1–98.6)
      span             207    220    77.7 % (71.8–82.7)    82.6 % (76.9–87.2)    80.1 % (75.6–83.9)

      rule              metric      calls             precision  recall      F1
      ----------------  ----------  -----  --------------------  ------  ------
      accept.do-it      conversion     25  100.0 % (86.7–100.0)  53.2 %  69.4 %
      accept.named      conversion      3  100.0 % (43.9–100.0)   6.4 %  12.0 %
      affirm            conversion     13  100.0 % (77.2–100.0)  27.7 %  43.3 %
      all               conversion      3  100.0 % (43.9–100.0)   6.4 %  12.0 %
      commit.sign-up    conversion      2  100.0 % (34.2–100.0)   4.3 %   8.2 %
      commit.take       conversion     13  100.0 % (77.2–100.0)  27.7 %  43.3 %
      intent.want       conversion      1  100.0 % (20.7–100.0)   2.1 %   4.2 %
      negative.anger    negative       30    90.0 % (74.4–96.5)  77.1 %  83.1 %
      negative.fact     negative       24    87.5 % (69.0–95.7)  60.0 %  71.2 %
      negative.oh       negative        3    66.7 % (20.8–93.9)   5.7 %  10.5 %
      negative.sarcasm  negative        5  100.0 % (56.6–100.0)  14.3 %  25.0 %
      negative.word     negative       11    90.9 % (62.3–98.4)  28.6 %  43.5 %
      positive.praise   positive       32  100.0 % (89.3–100.0)  97.0 %  98.5 %
      positive.thanks   positive       13    92.3 % (66.7–98.6)  36.4 %  52.2 %
      positive.word     positive        6    83.3 % (43.6–97.0)  15.2 %  25.6 %
      product           upsell         52    65.4 % (51.8–76.8)  97.1 %  78.2 %
      retract           retraction      1  100.0 % (20.7–100.0)   1.0 %   1.9 %

      "
    `)
    expect(scored.slice(scored.indexOf('--- stderr'))).toMatchInlineSnapshot(`
      "--- stderr
      no generated calls: transcripts generate makes some, and support-etl transcripts run reads them
      --- status 0
      "
    `)
    await said('transcripts', 'generate', '--num-calls', '20', '--seed', '5', '--out', data, '--prefix', 'bronze')
    await on('run')
    const seeded = await on('evaluate', '--seed', '5,16005016', '--num-calls', '20')
    expect(seeded.slice(seeded.indexOf('each seed'))).toMatchInlineSnapshot(`
      "each seed
      mood by label and by what is said; precision and recall of conversions; F1 of product names; exact amounts

          seed    mood  mood said  precision   recall  products  amounts
      --------  ------  ---------  ---------  -------  --------  -------
             5  90.0 %    100.0 %    100.0 %  100.0 %   100.0 %  100.0 %
      16005016  80.0 %    100.0 %    100.0 %  100.0 %   100.0 %  100.0 %
      --- status 0
      "
    `)
    const both = await on('evaluate')
    expect(both.slice(both.indexOf('generated, mood'))).toMatchInlineSnapshot(`
      "generated, mood by label: 20 calls
      mood right in 90.0 % (69.9–97.2), macro F1 83.4 % (52.6–97.1); amounts exact in 100.0 % (43.9–100.0) of calls with upsells

      mood: labelled  found negative  found neutral  found positive
      --------------  --------------  -------------  --------------
      negative                     1              1               0
      neutral                      0              8               0
      positive                     0              1               9

      conversion: labelled  found none  found conversion
      --------------------  ----------  ----------------
      none                          13                 0
      conversion                     0                 7

      class       labelled  found             precision                recall                    F1
      ----------  --------  -----  --------------------  --------------------  --------------------
      negative           2      1  100.0 % (20.7–100.0)     50.0 % (9.5–90.5)    66.7 % (17.3–95.0)
      neutral            8     10    80.0 % (49.0–94.3)  100.0 % (67.6–100.0)    88.9 % (65.8–97.1)
      positive          10      9  100.0 % (70.1–100.0)    90.0 % (59.6–98.2)    94.7 % (74.7–99.1)
      conversion         7      7  100.0 % (64.6–100.0)  100.0 % (64.6–100.0)  100.0 % (78.5–100.0)
      upsell             5      5  100.0 % (56.6–100.0)  100.0 % (56.6–100.0)  100.0 % (72.2–100.0)
      product            5      5  100.0 % (56.6–100.0)  100.0 % (56.6–100.0)  100.0 % (72.2–100.0)

      generated, mood by what is said: 20 calls
      mood right in 100.0 % (83.9–100.0), macro F1 100.0 % (66.8–100.0); amounts exact in 100.0 % (43.9–100.0) of calls with upsells

      mood: labelled  found negative  found neutral  found positive
      --------------  --------------  -------------  --------------
      negative                     1              0               0
      neutral                      0             10               0
      positive                     0              0               9

      conversion: labelled  found none  found conversion
      --------------------  ----------  ----------------
      none                          13                 0
      conversion                     0                 7

      class       labelled  found             precision                recall                    F1
      ----------  --------  -----  --------------------  --------------------  --------------------
      negative           1      1  100.0 % (20.7–100.0)  100.0 % (20.7–100.0)  100.0 % (34.2–100.0)
      neutral           10     10  100.0 % (72.2–100.0)  100.0 % (72.2–100.0)  100.0 % (83.9–100.0)
      positive           9      9  100.0 % (70.1–100.0)  100.0 % (70.1–100.0)  100.0 % (82.4–100.0)
      conversion         7      7  100.0 % (64.6–100.0)  100.0 % (64.6–100.0)  100.0 % (78.5–100.0)
      upsell             5      5  100.0 % (56.6–100.0)  100.0 % (56.6–100.0)  100.0 % (72.2–100.0)
      product            5      5  100.0 % (56.6–100.0)  100.0 % (56.6–100.0)  100.0 % (72.2–100.0)
      --- status 0
      "
    `)
  })
})
