import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Advice, DeltaError } from '../../src/errors.ts'
import { atTerminal, sentenceAtTerminal } from '../../src/terminal/flag-names.ts'
import { DELTA_OPTIONS } from '../../src/transform/delta/delta-options.ts'

const src = join(import.meta.dirname, '..', '..', 'src')
/** The rooms that the commands go through. */
const ROOMS = ['connect', 'format', 'isolate', 'pipeline', 'systems', 'table', 'time', 'transform']
/** What only code calls, or only code can set, though its file is in one of those rooms. */
const CODE_ONLY: readonly RegExp[] = [
  // verbs that no command uses
  /^transform\/(to-temporal|delta\/account\/versions|dimension-join|local-time|convert-timezone)\.ts/,
  /^table\/(arrow\/arrow|arquero\/arquero|contract|check\/columns)\.ts/,
  /^format\/(tables|csv\/table|csv\/write\/write)\.ts/,
  // policies and dialects that no command sets
  /^transform\/delta\/(delta-options|compile\/delta-sequence|compile\/compile-delta)\.ts/,
  /^transform\/delta\/compile\/match-columns\.ts: .*sequenceBy/,
  /^format\/csv\/dialect\.ts/,
]
const NAMES = [
  ...Object.keys(DELTA_OPTIONS).filter((name) => /[A-Z]/.test(name)),
  ...['columnAliases', 'unknownColumns', 'strayQuotes', 'checkCsv', 'checkTable', 'defineTable', 'maxQuarantined'],
  ...['timeZone', 'monthFrom', 'asOf', 'graceDays', 'keepVersions', 'sourceTimeZone', 'apply: "', "contract: '"],
  ...['option actions', 'option nulls', '{ delimiter', 'another out', 'leave months out'],
]

/** The texts of a source file that are sentences, without its comments and the code in them. */
function sentencesOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  return [...code.matchAll(/`((?:[^`\\$]|\\.|\$\{[^{}]*\}|\$)*)`|'((?:[^'\\\n]|\\.)*)'/g)]
    .map(([, template, plain]) => template ?? plain ?? '')
    .filter((sentence) => sentence.length > 20 && sentence.includes(' '))
}

describe('sentenceAtTerminal', () => {
  const messages = ROOMS.flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const file = `${room}/${name.replaceAll('\\', '/')}`
        return sentencesOf(readFileSync(join(src, file), 'utf8')).map((sentence) => [file, sentence] as const)
      }),
  ).filter(([file, sentence]) => !CODE_ONLY.some((pattern) => pattern.test(`${file}: ${sentence}`)))

  it('leaves no name in a message that only code knows', () => {
    expect(messages.length).toBeGreaterThan(200)
    const bare = (sentence: string) => sentenceAtTerminal(sentence).replace(/\$\{[^{}]*\}/g, '')
    const left = messages.filter(([, sentence]) => NAMES.some((name) => bare(sentence).includes(name)))
    expect(left.map(([file, sentence]) => `${file}: ${bare(sentence)}`)).toEqual([])
  })

  it.each([
    ['months "2025" is no month; write it as 202503', '--months "2025" is no month; write it as 202503'],
    [
      'line 1: column "Full Name" is unknown; did you mean "full_name"? Rename it, or give columnAliases',
      'line 1: column "Full Name" is unknown; did you mean "full_name"? Rename it',
    ],
    [
      'x: applied before; put it back, or run again with --rebuild (apply: "rebuild") to take it',
      'x: applied before; put it back, or run again with --rebuild to take it',
    ],
    [
      'out data is the folder of the source file x; choose another out',
      '--out data is the folder of the source file x; choose another --out',
    ],
  ])('says %j as %j', (message, spoken) => {
    expect(sentenceAtTerminal(message)).toBe(spoken)
  })

  it('leaves other messages as they are', () => {
    const message = 'output holds no committed state; months out of order'
    expect(sentenceAtTerminal(message)).toBe(message)
  })
})

describe('atTerminal', () => {
  const flags = new Set(['--mode', '--max-quarantined'])
  const error = (...advice: Advice[]) => new DeltaError('add_existing', 'row 3: the key exists', { advice })

  it('names the flag of an option that the command has', () => {
    const twice = error('correct the delta', { option: 'mode', value: "'lenient'", effect: 'count such changes' })
    expect(twice.message).toBe("row 3: the key exists; correct the delta, or set mode: 'lenient' to count such changes")
    expect(atTerminal(twice, flags)).toBe(
      'row 3: the key exists; correct the delta, or give --mode lenient to count such changes',
    )
  })

  it('gives the way of a flag in several words', () => {
    const many = error({ option: 'maxQuarantined', effect: 'set more rows aside' })
    expect(atTerminal(many, flags)).toBe('row 3: the key exists; give --max-quarantined to set more rows aside')
  })

  it('says what else can be done where the command has no such flag, or nothing', () => {
    const elsewhere = error({ option: 'actionColumn', otherwise: 'rename it' }, { option: 'actions' })
    expect(elsewhere.message).toBe('row 3: the key exists; set actionColumn, or set actions')
    expect(atTerminal(elsewhere, flags)).toBe('row 3: the key exists; rename it')
    expect(atTerminal(error({ option: 'actions' }), flags)).toBe('row 3: the key exists')
  })

  it('begins a new sentence after a question', () => {
    const renamed = new DeltaError('column_renamed', 'did you mean "id"?', { advice: ['correct the name'] })
    expect(renamed.message).toBe('did you mean "id"? Correct the name')
  })
})
