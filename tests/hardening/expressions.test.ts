/** Every regular expression of the library reads 100 KB of hostile text in less than 50 ms. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', 'src')
const SIZE = 100_000
const LIMIT_MS = 50

interface Expression {
  readonly place: string
  readonly source: string
  readonly flags: string
}

function expressionsOf(path: string): Expression[] {
  const text = readFileSync(join(root, path), 'utf8')
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: Expression[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/')
      const { line } = file.getLineAndCharacterOfPosition(node.getStart())
      const place = `${path}:${line + 1}`
      found.push({ place, source: node.text.slice(1, end), flags: node.text.slice(end + 1) })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
const expressions = sources.flatMap(expressionsOf)

/** Characters that mean something to an expression: those that stand in it, and one of each usual class. */
function alphabetOf(source: string): string[] {
  const literal = source.replace(/\\[dDwWsSbBpP](\{[^}]*\})?/g, '').match(/[\p{L}\p{N} :;,.\-+_/'"=@#<>%]/gu) ?? []
  return [
    ...new Set([
      ...literal.slice(0, 12),
      '0',
      '9',
      'a',
      'Z',
      ' ',
      '\t',
      '\n',
      '\r',
      '-',
      '.',
      ':',
      '"',
      '\\',
      '\u00e9',
      '\u001b',
      '*',
      '!',
    ]),
  ]
}

/** Texts that make careless expressions go back and forth: runs, repeated pairs, a good beginning again and again, a bad end. */
function* hostileTexts(source: string, size: number): Generator<string> {
  const alphabet = alphabetOf(source)
  const ends = ['', '!\n']
  for (const character of alphabet) for (const end of ends) yield character.repeat(size) + end
  const pairs = alphabet.slice(0, 8)
  for (const a of pairs) for (const b of pairs) if (a !== b) yield (a + b).repeat(size / 2)
  const beginnings = [
    '2025-01-02T03:04:05.',
    '1'.repeat(20),
    'a/',
    '../',
    '{"a":[',
    'delta/a_delta_',
    'initial/a.csv',
    '<Key>',
  ]
  for (const beginning of beginnings) {
    yield beginning.repeat(Math.ceil(size / beginning.length)).slice(0, size)
    for (const character of alphabet.slice(0, 8)) yield beginning + character.repeat(size)
  }
}

/** The longest of all texts, each the best of three: a pause of the machine is nobody's fault. */
function worstMilliseconds({ source, flags }: Expression, size = SIZE): number {
  let worst = 0
  for (const text of hostileTexts(source, size)) {
    let best = Number.POSITIVE_INFINITY
    for (let count = 0; count < 3 && best >= LIMIT_MS / 5; count++) {
      const expression = new RegExp(source, flags.replace('y', ''))
      const start = performance.now()
      if (expression.global) text.replace(expression, '')
      else expression.test(text)
      best = Math.min(best, performance.now() - start)
      if (best > 20 * LIMIT_MS) break
    }
    worst = Math.max(worst, best)
    if (worst > LIMIT_MS) return worst
  }
  return worst
}

describe('the regular expressions of the library', () => {
  it('are found', () => {
    expect(expressions.length).toBeGreaterThan(50)
  })

  it('would be seen if one were careless', () => {
    expect(worstMilliseconds({ place: '', source: '\\s+$', flags: '' }, 20_000)).toBeGreaterThan(LIMIT_MS)
  })

  it(`read ${SIZE / 1000} KB of hostile text in less than ${LIMIT_MS} ms each`, ({ task }) => {
    const distinct = new Map(expressions.map((expression) => [`/${expression.source}/${expression.flags}`, expression]))
    const measured = [...distinct.values()].map((expression) => ({
      ...expression,
      worst: worstMilliseconds(expression),
    }))
    task.meta.figures = {
      'expressions read hostile text': measured.length,
      'slowest expression, ms (varies)': Math.max(...measured.map(({ worst }) => worst)),
    }
    const slow = measured
      .filter(({ worst }) => worst > LIMIT_MS)
      .map(({ place, source, worst }) => `${place}: /${source}/ took ${Math.round(worst)} ms`)
    expect(slow).toEqual([])
  }, 120_000)
})
