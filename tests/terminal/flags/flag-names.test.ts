import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Advice, DeltaError } from '../../../src/errors.ts'
import { atTerminal } from '../../../src/terminal/flags/flag-names.ts'
import { DELTA_OPTIONS } from '../../../src/transform/delta/delta-options.ts'

const src = join(import.meta.dirname, '..', '..', '..', 'src')
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

/** The texts of a source file that are sentences, without its comments, the code in them, and what is said to code alone. */
function sentencesOf(text: string): string[] {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\binCode:\s*'[^'\n]*'/g, '')
  return [...code.matchAll(/`((?:[^`\\$]|\\.|\$\{[^{}]*\}|\$)*)`|'((?:[^'\\\n]|\\.)*)'/g)]
    .map(([, template, plain]) => template ?? plain ?? '')
    .filter((sentence) => sentence.length > 20 && sentence.includes(' '))
}

describe('messages', () => {
  const messages = ROOMS.flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const file = `${room}/${name.replaceAll('\\', '/')}`
        return sentencesOf(readFileSync(join(src, file), 'utf8')).map((sentence) => [file, sentence] as const)
      }),
  ).filter(([file, sentence]) => !CODE_ONLY.some((pattern) => pattern.test(`${file}: ${sentence}`)))

  it('have no name that only code knows, but at their beginning, where a terminal shows the flag', () => {
    expect(messages.length).toBeGreaterThan(200)
    const bare = (sentence: string) => sentence.replace(/\$\{[^{}]*\}/g, '')
    const isSubject = (sentence: string, name: string) => sentence.startsWith(`${name} `)
    const left = messages.filter(([, sentence]) =>
      NAMES.some((name) => bare(sentence).includes(name) && !isSubject(sentence, name)),
    )
    expect(left.map(([file, sentence]) => `${file}: ${bare(sentence)}`)).toEqual([])
  })

  it('name no flag in a room of the library, but where flags are declared', () => {
    // the keeper of a folder says which engine to name, for commands that have no such flag
    const declared = /^(isolate\/isolate-child|pipeline\/(keeper|job\/define-job|job\/job-options))\.ts$/
    const left = messages.filter(([file, sentence]) => !file.startsWith('systems/') && sentence.includes('--'))
    expect(left.filter(([file]) => !declared.test(file))).toEqual([])
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

  it('names the flag of a rebuild, which is an option with a value in code', () => {
    const late = error({ option: 'apply', value: "'rebuild'", effect: 'replay all months' })
    expect(late.message).toBe("row 3: the key exists; set apply: 'rebuild' to replay all months")
    expect(atTerminal(late, new Set(['--rebuild']))).toBe('row 3: the key exists; give --rebuild to replay all months')
  })

  it('shows the flag where a message begins with the option that it is about', () => {
    const about = (statement: string) => ({ statement, advice: [], details: { option: 'maxQuarantined' } })
    expect(atTerminal(about('maxQuarantined is 7'), flags)).toBe('--max-quarantined is 7')
    expect(atTerminal(about('maxQuarantined is 7'), new Set())).toBe('maxQuarantined is 7')
    expect(atTerminal(about('a share of maxQuarantined'), flags)).toBe('a share of maxQuarantined')
  })

  it('leaves out what only code can do, or says what else can be done', () => {
    const only = error('correct the file', { inCode: 'read it with checkCsv' })
    expect(only.message).toBe('row 3: the key exists; correct the file, or read it with checkCsv')
    expect(atTerminal(only, flags)).toBe('row 3: the key exists; correct the file')
    const otherwise = error({ inCode: 'add to the contract', otherwise: 'take it out' })
    expect(atTerminal(otherwise, flags)).toBe('row 3: the key exists; take it out')
  })

  it('begins a new sentence after a question', () => {
    const renamed = new DeltaError('column_renamed', 'did you mean "id"?', { advice: ['correct the name'] })
    expect(renamed.message).toBe('did you mean "id"? Correct the name')
  })
})
