import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectError } from '../../src/connect/files/file-error.ts'
import { advisedLines } from '../../src/terminal/advised-lines.ts'
import { failureText, type Speaker } from '../../src/terminal/failure.ts'
import { emptyFolder, SAMPLE, supportEtlHere as supportEtl } from '../cli/command-line.ts'

const speaker: Speaker = { level: 'info', flags: new Set(['--mode', '--out']), advised: advisedLines('support-etl') }

/** A copy of the sample with one file changed. */
function spoilt(name: string, change: (text: string) => string): string {
  const data = emptyFolder()
  for (const part of ['initial', 'delta']) cpSync(join(SAMPLE, part), join(data, part), { recursive: true })
  writeFileSync(join(data, name), change(readFileSync(join(data, name), 'utf8')))
  return data
}

const failure = async (data: string, ...options: string[]) =>
  (await supportEtl(['run', '--data', data, '--out', emptyFolder(), ...options])).stderr

describe('a failure at the terminal', () => {
  it.each(['act', 'Action ', 'actions', 'actoin'])('says which column was to be the action: %j', async (name) => {
    const data = spoilt('delta/agents_delta_202503.csv', (text) => text.replace(/action(?=\r?\n)/, name))
    const told = await failure(data)
    if (name === 'Action ') expect(told).toContain('column "Action" is unknown; did you mean "action"? Rename it\n')
    else expect(told).toContain(`column "${name}" is unknown; did you mean "action"? Rename it\n`)
  })

  it('names no option that only code has', async () => {
    const twice = (text: string) => `${text.trimEnd()}\n${text.trimEnd().split('\n').at(-1)}\n`
    const data = spoilt('initial/agents.csv', twice)
    expect(await failure(data)).toMatch(
      /its key \(agent_id\) is that of an earlier row, expected each key once; remove the row\n/,
    )
    const surplus = spoilt('delta/agents_delta_202503.csv', (text) =>
      text.replaceAll(/(?=\r?\n)/g, ',x').replace(',x', ',notes'),
    )
    expect(await failure(surplus)).toMatch(
      /column "notes" not in table "agents"; take it out of the file, name and cells\n/,
    )
    for (const name of ['unknownColumns', 'baseDuplicates'])
      expect((await failure(surplus)) + (await failure(data))).not.toContain(name)
  })

  it('speaks of its own flags in JSON as well', async () => {
    const { status, stdout } = await supportEtl([
      'run',
      '--data',
      SAMPLE,
      '--out',
      emptyFolder(),
      '--months',
      'March',
      '--json',
    ])
    expect([status, JSON.parse(stdout).error.message]).toEqual([
      2,
      '--months "March" is no month; write it as 202503 or 2025-03',
    ])
  })

  it('names the share that lets rows wait, and it does when followed; none where no row fits', async () => {
    const withoutDays = (from: number) =>
      spoilt('initial/agents.csv', (text) => {
        const lines = text.split('\n')
        return lines.map((line, at) => (at < from ? line : line.replace(/(\d{4})-\d\d-\d\d/, '$1'))).join('\n')
      })
    const all = await failure(withoutDays(1))
    expect(all).toMatch(/(\d+) of \1 rows do not fit .*; correct the file \(check lists all of them\)\n/)
    const some = withoutDays(2)
    const [, share = ''] = /, or give --max-quarantined (\d+%) to set them aside\n/.exec(await failure(some)) ?? []
    expect(await failure(some, '--max-quarantined', share)).toMatch(/rows wait in quarantine/)
  })

  it.each([
    [';', '";"', 'sep=;'],
    ['|', '"|"', 'sep=|'],
    ['\t', '"\\t"', '"sep=" and a tab'],
  ])(
    'of a file with %j between its cells says what can be done, and it works when followed',
    async (mark, typed, line) => {
      const separated = (text: string) => text.replaceAll(',', mark)
      const data = spoilt('initial/contact_centers.csv', separated)
      expect(await failure(data)).toContain(
        `seems to separate its names; give --delimiter ${typed}, or add a first line before it: ${line}\n`,
      )
      const followed = spoilt('initial/contact_centers.csv', (text) => `sep=${mark}\n${separated(text)}`)
      const { status, stderr } = await supportEtl(['run', '--data', followed, '--out', emptyFolder()])
      expect([status, stderr]).toEqual([0, expect.stringContaining('the line names the delimiter')])
    },
  )

  it.each(['EFBIG', 'EIO', 'EMFILE', 'ESTALE', 'ENXIO', 'EPROTO'])('says what to do about %s', (code) => {
    const error = connectError(Object.assign(new Error('inner'), { code }), 'write', 'output/agents.csv')
    const text = failureText(error, speaker)
    expect(text).toMatch(new RegExp(`^cannot write output/agents.csv: .*(;|or) .* \\(${code}\\)\n`))
    expect(text).toContain(
      '\n  try       remove the cause and run again; support-etl verify shows whether the state is intact\n',
    )
  })
})
