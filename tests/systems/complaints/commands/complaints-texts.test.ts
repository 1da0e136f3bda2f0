/** What the commands about complaints print for people, whole. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMPLAINTS_COMMANDS } from '../../../../src/systems/complaints/commands/index.ts'
import { complaintsJob } from '../../../../src/systems/complaints/job/complaints-job.ts'
import { emptyFolder } from '../../../cli/command-line.ts'
import { saidIn } from '../../../cli/said.ts'

describe('complaints', () => {
  it('say what was made, what came of each delivery, and what complaints say', async () => {
    const folder = emptyFolder()
    const [world, out] = [join(folder, 'world'), join(folder, 'out')]
    const said = saidIn(folder)
    const complaints = (...words: string[]) => said('complaints', ...words)
    const made = await complaints('generate', '--customers', '1_000', '--seed', '4', '--out', world)
    // the width of the first column is that of the folder's name
    expect(made.split('\n').map((line) => line.replace(/ {2,}|-{9,}/g, '  '))).toMatchInlineSnapshot(`
      [
        "file in FOLDER/world  bytes",
        "    -------",
        "s3/customers/customers_dataset.csv  149,630",
        "sheet/agents.json  6,572",
        "s3/call logs/call_logs_day_2025-11-20.csv  27,351",
        "s3/social_medias/media_complaint_day_2025-11-20.json  4,760",
        "web_forms/web_form_request_2025_11_20.csv  19,307",
        "s3/call logs/call_logs_day_2025-11-21.csv  27,716",
        "s3/social_medias/media_complaint_day_2025-11-21.json  4,738",
        "web_forms/web_form_request_2025_11_21.csv  18,413",
        "s3/call logs/call_logs_day_2025-11-22.csv  26,593",
        "s3/social_medias/media_complaint_day_2025-11-22.json  4,751",
        "web_forms/web_form_request_2025_11_22.csv  18,519",
        "s3/call logs/call_logs_day_2025-11-23.csv  25,873",
        "s3/social_medias/media_complaint_day_2025-11-23.json  4,696",
        "web_forms/web_form_request_2025_11_23.csv  17,966",
        "ground_truth.json  3,167",
        "--- status 0",
        "",
      ]
    `)
    expect(await complaints('run', '--data', world, '--out', out)).toMatchInlineSnapshot(`
      "committed version 1 to FOLDER/out

      table         day         source  duplicate  refused  landed  quarantined  cleaned  reported
      ------------  ----------  ------  ---------  -------  ------  -----------  -------  --------
      agents                       100          0        0     100            0      100
      customers                  1,000          0        0   1,000            0    1,000
      call_logs     2025-11-20     153          0        0     153            0      153       153
      call_logs     2025-11-21     155          0        0     155            0      155       155
      call_logs     2025-11-22     149          0        0     149            0      149       149
      call_logs     2025-11-23     145          0        0     145            0      145       145
      social_media  2025-11-20      20          0        0      20            0       20        20
      social_media  2025-11-21      20          0        0      20            0       20        20
      social_media  2025-11-22      20          0        0      20            0       20        20
      social_media  2025-11-23      20          0        0      20            0       20        20
      web_forms     2025-11-20     116          0        0     116            0      116       116
      web_forms     2025-11-21     111          0        0     111            0      111       111
      web_forms     2025-11-22     111          0        0     111            0      111       111
      web_forms     2025-11-23     108          0        0     108            0      108       108
      --- status 0
      "
    `)
    expect(await complaints('status', '--out', out)).toMatchInlineSnapshot(`
      "FOLDER/out: version 1; every row is accounted for

      table         day         source  duplicate  refused  landed  quarantined  cleaned  reported
      ------------  ----------  ------  ---------  -------  ------  -----------  -------  --------
      agents                       100          0        0     100            0      100
      customers                  1,000          0        0   1,000            0    1,000
      call_logs     2025-11-20     153          0        0     153            0      153       153
      call_logs     2025-11-21     155          0        0     155            0      155       155
      call_logs     2025-11-22     149          0        0     149            0      149       149
      call_logs     2025-11-23     145          0        0     145            0      145       145
      social_media  2025-11-20      20          0        0      20            0       20        20
      social_media  2025-11-21      20          0        0      20            0       20        20
      social_media  2025-11-22      20          0        0      20            0       20        20
      social_media  2025-11-23      20          0        0      20            0       20        20
      web_forms     2025-11-20     116          0        0     116            0      116       116
      web_forms     2025-11-21     111          0        0     111            0      111       111
      web_forms     2025-11-22     111          0        0     111            0      111       111
      web_forms     2025-11-23     108          0        0     108            0      108       108
      --- status 0
      "
    `)
    expect(await complaints('insights', '--out', out)).toMatchInlineSnapshot(`
      "FOLDER/out, version 1: 1,128 complaints

      by                            complaints   share
      --------  ------------------  ----------  ------
      channel   call                       602  53.4 %
      channel   social media                80   7.1 %
      channel   web form                   446  39.5 %
      category  Technician Support         279  24.7 %
      category  Network Failure            259  23.0 %
      category  Router Delivery            308  27.3 %
      category  Payments                   282  25.0 %
      status    Resolved                   274  24.3 %
      status    In-Progress                288  25.5 %
      status    Backlog                    282  25.0 %
      status    Blocked                    284  25.2 %
      platform  Instagram                   15  18.8 %
      platform  Twitter                     22  27.5 %
      platform  Facebook                    21  26.3 %
      platform  LinkedIn                    22  27.5 %

      opened from 2025-01-01 to 2025-10-27

      within 72 h   resolved  in time  missed  undecided   share
      ------------  --------  -------  ------  ---------  ------
      all                274      151     977          0  13.4 %
      call               142      142     460          0  23.6 %
      social media        19        0      80          0   0.0 %
      web form           113        9     437          0   2.0 %

      channel       category            complaints  resolved       median          p90  within 72 h
      ------------  ------------------  ----------  --------  -----------  -----------  -----------
      call          Technician Support         142        28  not reached  not reached       19.7 %
      call          Network Failure            142        33  not reached  not reached       23.2 %
      call          Router Delivery            171        38  not reached  not reached       22.2 %
      call          Payments                   147        43  not reached  not reached       29.3 %
      social media  Technician Support          20         8  not reached  not reached        0.0 %
      social media  Network Failure             15         2  not reached  not reached        0.0 %
      social media  Router Delivery             26         8  not reached  not reached        0.0 %
      social media  Payments                    19         1  not reached  not reached        0.0 %
      web form      Technician Support         117        23  not reached  not reached        3.4 %
      web form      Network Failure            102        28  not reached  not reached        2.0 %
      web form      Router Delivery            111        31  not reached  not reached        2.7 %
      web form      Payments                   116        31  not reached  not reached        0.0 %

      backlog             open  to 7 days  to 30  to 90  older
      ------------------  ----  ---------  -----  -----  -----
      Technician Support   220          0      3     50    167
      Network Failure      196          0      2     35    159
      Router Delivery      231          0      2     50    179
      Payments             207          0      2     38    167

      100 agents; the busiest has 20 complaints, the least busy 4; 0 complaints have no agent of the sheet
      687 customers complained, 318 of them more than once; chance would make 311
      580 customers wait for longer than 72 hours, 216 of them with several complaints
      in the 28 days up to 2025-10-27 93 complaints came, and 17 were resolved

      question                                                            answer                            effect  p (Holm)
      ------------------------------------------------------------------  -------------------------  -------------  --------
      Are complaints of the channels about different things?              no significant difference        V 0.041     1.000
      Are complaints of some channels further than others?                no significant difference        V 0.062     1.000
      Are complaints of some categories further than others?              no significant difference        V 0.046     1.000
      Are complaints of the platforms about different things?             too few cases                    V 0.153     1.000
      Are web forms resolved at another speed than social media?          no significant difference         × 1.09     1.000
      Are requests of some categories resolved faster?                    no significant difference         × 1.28     1.000
      Are complaints of some platforms resolved faster?                   too few cases                     × 1.00     1.000
      Do requests of some categories miss the service level more often?   too few cases                    V 0.084     1.000
      Do complaints of some platforms miss the service level more often?  too few cases                    V 0.000     1.000
      Are open complaints of some categories older?                       too few cases                    V 0.039     1.000
      Do some agents take more complaints than others?                    no significant difference  0.83 × chance     1.000
      Do some agents resolve more of their complaints?                    too few cases                    V 0.000     1.000
      Do some customers complain more often than chance has it?           no significant difference  0.92 × chance     1.000
      --- status 0
      "
    `)
    expect(await complaints('insights', '--out', out, '--sla', '0')).toMatchInlineSnapshot(`
      "--- stderr
      error: --sla "0": expected at least 1 hour
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await complaints('insights', '--out', out, '--sla', 'soon')).toMatchInlineSnapshot(`
      "--- stderr
      error: --sla "soon": expected a whole number
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    const json = (await complaints('status', '--out', out, '--json')).replace(/\n---[\s\S]*/, '')
    expect(JSON.parse(json)).toMatchObject({ isWhole: true, commit: 1 })
  })

  it('say how a delivery is withdrawn, and how one that shrank is accepted', async () => {
    const folder = emptyFolder()
    const [world, out] = [join(folder, 'world'), join(folder, 'out')]
    const said = saidIn(folder)
    const run = (...words: string[]) => said('complaints', 'run', '--data', world, '--out', out, ...words)
    const firstLine = async (told: Promise<string>) => (await told).split('\n').slice(0, 3)
    await said('complaints', 'generate', '--customers', '1_000', '--seed', '4', '--out', world)
    await run()
    const forms = join(world, 'web_forms', 'web_form_request_2025_11_22.csv')
    const lines = readFileSync(forms, 'utf8').split('\n')
    writeFileSync(forms, lines.slice(0, 60).join('\n'))
    const refused = await run()
    expect(refused).toContain('or give --accept-withdrawals raw_web_forms to accept the loss in this run\n')
    expect(refused).toMatch(/input_shrunk \(support-etl errors input_shrunk\)\n--- status [1-9]\n/)
    expect(await firstLine(run('--accept-withdrawals', 'raw_web_forms'))).toContain('committed version 2 to FOLDER/out')
    const logs = join(world, 's3', 'call logs', 'call_logs_day_2025-11-21.csv')
    expect(await run('--withdraw', '2025-11-21')).toContain('is still there; remove the file first')
    rmSync(logs)
    expect(await run()).toContain('nothing to do: FOLDER/out is at version 2\n')
    const withdrawn = await run('--withdraw', '20251121')
    expect(withdrawn).toContain('committed version 3 to FOLDER/out\n')
    expect(withdrawn).toContain('table raw_call_logs: day 2025-11-21 was removed')
    expect(withdrawn).not.toMatch(/^call_logs +2025-11-21/m)
    // current.json is the list of files, and no output that could be compared
    const differs = await said('diff', '2', '3', '--out', out)
    expect(differs).toMatch(/^call_logs +0 +155 +0$/m)
    expect(differs).not.toContain('not compared')
    expect(await said('complaints', 'status', '--out', out)).toContain('every row is accounted for')
  })

  it('name their own help', async () => {
    const said = saidIn(emptyFolder())
    expect(await said('complaints', 'run', '--nope')).toContain(
      '(support-etl complaints run --help shows what there is)\n',
    )
    expect(await said('complaints', 'nope')).toContain('(support-etl complaints --help shows what there is)\n')
    expect(await said('nope')).toContain('(support-etl --help shows what there is)\n')
  })

  it('may accept what any raw table has lost', () => {
    const run = COMPLAINTS_COMMANDS.find(({ name }) => name === 'complaints run')
    const option = run?.options.find(({ flags }) => flags.startsWith('--accept-withdrawals'))
    expect(option?.choices?.toSorted()).toEqual(Object.keys(complaintsJob.tables).sort())
  })
})
