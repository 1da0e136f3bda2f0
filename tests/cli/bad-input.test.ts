import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyFolder, MAIN, NODE_OPTIONS, SAMPLE, supportEtlHere as supportEtl } from './command-line.ts'

/** What every test begins with: February is committed, March waits. */
let committed = ''
beforeAll(async () => {
  committed = mkdtempSync(join(tmpdir(), 'support-etl-february-'))
  expect((await supportEtl(['run', '--data', SAMPLE, '--out', committed, '--months', '202502'])).status).toBe(0)
})
afterAll(() => rmSync(committed, { recursive: true, force: true }))

/** Names and contents of all files. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const files = names.filter((name) => statSync(join(folder, name)).isFile())
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  )
}

interface Places {
  readonly data: string
  readonly out: string
  /** The file that is spoilt: March's delta of the agents. */
  readonly march: string
}

function prepare(): Places {
  const folder = emptyFolder()
  const data = join(folder, 'data')
  const out = join(folder, 'out')
  for (const part of ['initial', 'delta']) cpSync(join(SAMPLE, part), join(data, part), { recursive: true })
  cpSync(committed, out, { recursive: true })
  return { data, out, march: join(data, 'delta', 'agents_delta_202503.csv') }
}

const MARCH = readFileSync(join(SAMPLE, 'delta', 'agents_delta_202503.csv'), 'utf8')
const HEADER = 'agent_id,full_name,contact_center_id,hire_date,category_id,action\n'
const NAME = 'delta/agents_delta_202503.csv'

async function refusedAsWith(
  spoil: (places: Places) => unknown,
  status: number,
  said: readonly (string | RegExp)[],
  args: string[] = [],
) {
  const places = prepare()
  spoil(places)
  const before = contents(places.out)
  const ended = await supportEtl(['run', '--data', places.data, '--out', places.out, ...args])
  expect(ended.stderr.split('\n').filter((line) => line.startsWith('error: '))).toHaveLength(1)
  for (const words of said) expect(ended.stderr).toMatch(words)
  expect(ended.stderr).not.toMatch(/^\s+at /m)
  expect([ended.status, ended.stdout]).toEqual([status, ''])
  // the state stands as it stood, byte for byte
  expect(contents(places.out)).toEqual(before)
}

const spoilt = (text: string | Uint8Array) => (places: Places) => writeFileSync(places.march, text)

describe('a source that cannot be applied', () => {
  it.each<[string, (places: Places) => unknown, (string | RegExp)[], string[]?]>([
    ['an empty file', spoilt(''), [`${NAME}: found 0 bytes, expected at least a header line`, 'empty_file']],
    ['a file of blank lines', spoilt('\n\n'), [NAME, 'header_missing']],
    ['a packed file', spoilt(gzipSync(MARCH)), [`${NAME}: looks like gzip`, 'unpack it first']],
    [
      'a workbook',
      spoilt('PK\u0003\u0004xl/workbook.xml'),
      [`${NAME}: looks like an Excel workbook (.xlsx)`, 'save it as CSV UTF-8'],
    ],
    ['a binary file', spoilt(Uint8Array.of(127, 69, 76, 70, 2, 1, 1, 0, 0, 0)), [NAME, 'expected UTF-8 text']],
    ['UTF-16', spoilt(Buffer.from(`\ufeff${MARCH}`, 'utf16le')), [`${NAME}: looks like UTF-16`, 'save it as UTF-8']],
    [
      'Latin-1',
      spoilt(Buffer.from(`${HEADER}A40,José,010,,OUTG,add\n`, 'latin1')),
      [`${NAME} row 1, column "full_name"`, 'not UTF-8'],
    ],
    [
      'no key column',
      spoilt(MARCH.replace('agent_id', 'agent')),
      [`${NAME} line 1: column "agent_id"`, 'the file has "agent"'],
    ],
    ['a key column of another case', spoilt(MARCH.replace('agent_id', 'Agent_ID')), ['did you mean "agent_id"?']],
    ['a column twice', spoilt(MARCH.replace('full_name', 'agent_id')), [NAME, 'column_duplicate']],
    ['an unknown column', spoilt(`${HEADER.trim()},note\nA40,Jo,010,,OUTG,add,x\n`), [`${NAME} line 1: column "note"`]],
    ['no action column', spoilt(MARCH.replace(/,[^,]*$/gm, '')), [NAME, 'the delta has no column "action"']],
    [
      'an unknown action',
      spoilt(MARCH.replace(',add', ',upd')),
      [`${NAME} row 1: the action`, '"upd"', 'expected one of add'],
    ],
    [
      'a row without its key',
      spoilt(`${HEADER}A40,Jo,010,,OUTG,add\n,Bo,010,,OUTG,add\n`),
      [`${NAME} row 2: key column "agent_id" is empty`],
    ],
    ['a record cut short', ({ march }) => truncateSync(march, statSync(march).size - 20), [NAME, /cut short/]],
    [
      'a quote without end',
      spoilt(MARCH.replace('Abena', '"Abena')),
      [`${NAME} row 1: found a quote that is never closed`],
    ],
    [
      'a stamp "yesterday", strictly',
      spoilt(MARCH.replace('2025-03-10', 'yesterday')),
      [`${NAME} row 3, column hire_date: expected a day such as 2025-01-31`, 'found     yesterday'],
      ['--mode', 'strict'],
    ],
    [
      'a row of another length, strictly',
      spoilt(MARCH.replace(',add', ',add,more')),
      [`${NAME} row 1: expected 6 cells`, 'found     7 cells'],
      ['--mode', 'strict'],
    ],
    [
      'two changes of a key, strictly',
      spoilt(`${MARCH}A02,Tobias Okafor,010,,PAYM,update\n`),
      [`${NAME} row 6: the change has the key of an earlier change`],
      ['--mode', 'strict'],
    ],
    [
      'more rows that do not fit than are borne',
      spoilt(HEADER + Array.from({ length: 8 }, (_, i) => `B${i},Jo,010,soon,OUTG,add\n`).join('')),
      [`${NAME}: 8 of 8 rows do not fit`, '(check lists all of them)'],
    ],
    [
      'another content than was applied',
      ({ data }) => writeFileSync(join(data, 'initial', 'agents.csv'), HEADER.replace(',action', '')),
      ['initial/agents.csv: applied before with other content', '--rebuild'],
    ],
    [
      'a late month',
      ({ data }) => writeFileSync(join(data, 'delta', 'agents_delta_202501.csv'), HEADER),
      ['agents_delta_202501.csv: a later month of the same table is applied already', '--rebuild'],
    ],
  ])('is refused with one clear error, and the state stands: %s', async (_, spoil, said, args = []) => {
    await refusedAsWith(spoil, 3, said, args)
  })

  it.each<[string, string[], (string | RegExp)[]]>([
    [
      'a month that nobody has',
      ['--months', '202509'],
      ['no table has a file of month 2025-09', 'has 2025-02, 2025-03'],
    ],
    ['a month that is none', ['--months', 'March'], ['months "March" is no month']],
    ['a zone that is none', ['--time-zone', 'Boston'], ['time zone "Boston" is not known']],
    ['a column that is no stamp', ['--month-from', 'channel'], ['"channel" is not a timestamp of interactions']],
    ['a share without %', ['--max-quarantined', '5'], ['--max-quarantined "5": expected a share such as 5%']],
    ['a copy that is none', ['--publish', 'reports'], ['publish "reports" is none of']],
  ])('is not asked for: %s', async (_, args, said) => {
    await refusedAsWith(() => {}, 2, said, args)
  })

  it('sets aside a stamp "yesterday" in lenient mode, names it in check, and takes it back when it is corrected', async () => {
    const places = prepare()
    writeFileSync(places.march, MARCH.replace('2025-03-10', 'yesterday'))
    const run = ['run', '--data', places.data, '--out', places.out]
    const ended = await supportEtl(run)
    expect([ended.status, ended.stderr]).toEqual([0, expect.stringContaining('1 row waits in quarantine')])
    const checked = JSON.parse((await supportEtl(['check', '--data', places.data, '--json'])).stdout)
    expect(checked.findings).toContainEqual(
      expect.objectContaining({
        severity: 'quarantined',
        file: NAME,
        row: 3,
        line: 4,
        column: 'hire_date',
        found: 'yesterday',
      }),
    )
    writeFileSync(places.march, MARCH)
    expect((await supportEtl([...run, '--rebuild'])).status).toBe(0)
    expect(readFileSync(join(places.out, 'agents.csv'), 'utf8')).toBe(
      readFileSync(join(SAMPLE, 'expected', 'agents.csv'), 'utf8'),
    )
  })

  it('may be a delta of nothing but a header', async () => {
    const places = prepare()
    writeFileSync(places.march, HEADER)
    expect((await supportEtl(['run', '--data', places.data, '--out', places.out])).status).toBe(0)
  })
})

describe('a first run', () => {
  it.each<[string, (data: string) => unknown, number, (string | RegExp)[]]>([
    [
      'a folder that is not there',
      (data) => rmSync(data, { recursive: true }),
      2,
      [/^error: --data: there is no folder .*; give the folder that holds the source files\n/, 'invalid_option'],
    ],
    [
      'an empty folder',
      (data) => {
        rmSync(data, { recursive: true })
        mkdirSync(data)
      },
      3,
      ['expected files such as', 'initial/interactions.csv', 'no_input', '--data DIR'],
    ],
    [
      'a file',
      (data) => {
        rmSync(data, { recursive: true })
        writeFileSync(data, 'x')
      },
      1,
      ['is not a folder'],
    ],
    [
      'the folder below',
      (data) => {
        renameSync(join(data, 'initial'), `${data}-initial`)
        rmSync(data, { recursive: true })
        renameSync(`${data}-initial`, data)
      },
      3,
      ['no_input'],
    ],
    [
      'no extract of a table',
      (data) => rmSync(join(data, 'initial', 'agents.csv')),
      3,
      ['lacks initial/agents.csv', 'every table begins with its full extract'],
    ],
    [
      'an id twice in an extract',
      (data) =>
        writeFileSync(
          join(data, 'initial', 'contact_centers.csv'),
          'contact_center_id,contact_center_name,location\n010,A,A\n010,B,B\n',
        ),
      3,
      ['initial/contact_centers.csv row 2: its key (contact_center_id) is that of an earlier row'],
    ],
  ])('says what is wrong with %s, and writes nothing', async (_, spoil, status, said) => {
    const { data } = prepare()
    spoil(data)
    const out = join(emptyFolder(), 'out')
    const ended = await supportEtl(['run', '--data', data, '--out', out])
    expect([ended.status, ended.stdout]).toEqual([status, ''])
    for (const words of said) expect(ended.stderr).toMatch(words)
    // a lock may have been taken; nothing that a reader would see was written
    expect((await supportEtl(['status', '--out', out])).stderr).toContain('holds no committed state')
  })
})

describe('a place that fails', () => {
  const isRoot = process.getuid?.() === 0
  const NOBODY = 65_534

  /** Runs as somebody whom permissions bind: as nobody where the tests run as root. */
  function runUnprivileged({ data, out }: Places) {
    const args = [...NODE_OPTIONS, MAIN, 'run', '--data', data, '--out', out]
    const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
    return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: tmpdir(), ...user })
  }

  function give(folder: string): void {
    if (!isRoot) return
    chownSync(folder, NOBODY, NOBODY)
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      chownSync(join(folder, name), NOBODY, NOBODY)
  }

  const canBeNobody =
    process.platform !== 'win32' &&
    (!isRoot ||
      spawnSync(process.execPath, [...NODE_OPTIONS, MAIN, '--version'], { uid: NOBODY, gid: NOBODY, cwd: tmpdir() })
        .status === 0)

  it.skipIf(!canBeNobody)(
    'says that a file may not be read, and the state stands (needs a user whom permissions bind)',
    () => {
      const places = prepare()
      give(join(places.data, '..'))
      chmodSync(places.march, 0o000)
      const before = contents(places.out)
      const { status, stderr } = runUnprivileged(places)
      expect(status).toBe(1)
      expect(stderr).toMatch(/^error: cannot read .*agents_delta_202503\.csv: .*permi/)
      expect(stderr).toContain('permission_denied')
      expect(contents(places.out)).toEqual(before)
    },
  )

  it.skipIf(!canBeNobody)(
    'says that it may not write, and the state stands (needs a user whom permissions bind)',
    () => {
      const places = prepare()
      give(join(places.data, '..'))
      for (const folder of ['.', '.support-etl', '.support-etl/data', '.support-etl/log'])
        chmodSync(join(places.out, folder), 0o555)
      const before = contents(places.out)
      const { status, stderr } = runUnprivileged(places)
      expect([status, stderr]).toEqual([1, expect.stringMatching(/^error: cannot write .*\n[\s\S]*permission_denied/)])
      expect(contents(places.out)).toEqual(before)
    },
  )

  const small = isRoot && process.platform === 'linux' ? mkdtempSync(join(tmpdir(), 'support-etl-small-')) : ''
  const hasSmallDisk =
    small !== '' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]).status === 0
  afterAll(() => {
    if (hasSmallDisk) spawnSync('umount', [small])
    if (small !== '') rmSync(small, { recursive: true, force: true })
  })

  it.skipIf(!hasSmallDisk)(
    'says that the disk is full, and the state stands (needs root for a small tmpfs)',
    async () => {
      const { data } = prepare()
      const out = join(small, 'out')
      cpSync(committed, out, { recursive: true })
      const before = contents(out)
      // leave less than the next version needs
      const free =
        256 * 1024 -
        Object.keys(before).reduce((sum, name) => sum + Math.ceil(statSync(join(out, name)).size / 4096) * 4096, 0)
      writeFileSync(join(small, 'ballast'), Buffer.alloc(Math.max(0, free - 24_576)))
      const { status, stderr } = await supportEtl(['run', '--data', data, '--out', out])
      expect([status, stderr]).toEqual([1, expect.stringMatching(/^error: cannot write .*\n[\s\S]*disk_full/)])
      expect(contents(out)).toEqual(before)
      // with room again the run ends as if nothing had happened
      rmSync(join(small, 'ballast'))
      expect((await supportEtl(['run', '--data', data, '--out', out])).status).toBe(0)
      expect(readFileSync(join(out, 'support_report.csv'), 'utf8')).toBe(
        readFileSync(join(SAMPLE, 'expected', 'support_report.csv'), 'utf8'),
      )
    },
  )
})
