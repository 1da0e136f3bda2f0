import { inspect, isDeepStrictEqual } from 'node:util'
import * as arrow from 'apache-arrow'
import * as aq from 'arquero'
import * as root from 'support-etl'
import * as calls from 'support-etl/calls'
import * as complaints from 'support-etl/complaints'
import * as connect from 'support-etl/connect'
import * as engine from 'support-etl/engine'
import * as format from 'support-etl/format'
import * as interactions from 'support-etl/interactions'
import * as metrics from 'support-etl/metrics'
import * as pipeline from 'support-etl/pipeline'
import * as server from 'support-etl/server'
import * as support from 'support-etl/support'
import * as transcripts from 'support-etl/transcripts'
import ts from 'typescript'
import * as zod from 'zod'

const modules: Record<string, Record<string, unknown>> = {
  'support-etl': root,
  'support-etl/format': format,
  'support-etl/connect': connect,
  'support-etl/pipeline': pipeline,
  'support-etl/metrics': metrics,
  'support-etl/calls': calls,
  'support-etl/complaints': complaints,
  'support-etl/interactions': interactions,
  'support-etl/engine': engine,
  'support-etl/server': server,
  'support-etl/support': support,
  'support-etl/transcripts': transcripts,
  arquero: aq,
  'apache-arrow': arrow,
  zod,
}
/** What an example's comment can show of a value: tables as rows, columns and typed arrays as lists. */
function visible(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visible)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if ('objects' in value && typeof value.objects === 'function') return visible(value.objects())
  if ('batches' in value && 'toArray' in value && typeof value.toArray === 'function') {
    return Array.from(value.toArray(), (row: object) => visible({ ...row }))
  }
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array)
  if (Symbol.iterator in value && !(value instanceof Map) && !(value instanceof Set)) {
    return Array.from(value as Iterable<unknown>, visible)
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visible(inner)]))
}

const squeeze = (text: string) => text.replace(/\s+/g, ' ').trim()

function agrees(actual: unknown, comment: string, scope: Record<string, unknown>): boolean {
  try {
    const expected = new Function(...Object.keys(scope), `return (${comment})`)(...Object.values(scope))
    if (isDeepStrictEqual(visible(actual), visible(expected))) return true
  } catch {
    // not an expression: compared as text below
  }
  return squeeze(String(actual)) === squeeze(comment) || squeeze(inspect(actual, { depth: 9 })) === squeeze(comment)
}

/** Runs an example and returns each statement whose comment does not say what came out. */
export async function runExample(code: string): Promise<{ checked: number; wrong: string[] }> {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2024, true)
  const scope: Record<string, unknown> = {
    ...aq,
    ...arrow,
    aq,
    ...format,
    ...connect,
    ...support,
    ...calls,
    ...complaints,
    ...transcripts,
    ...pipeline,
    ...root,
  }
  const wrong: string[] = []
  let checked = 0
  const printed: string[] = []
  let body = ''
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const from = (statement.moduleSpecifier as ts.StringLiteral).text
      const module = modules[from]
      const names = statement.importClause?.namedBindings
      if (from.startsWith('node:')) {
        const builtin = await import(from)
        if (names && ts.isNamedImports(names))
          for (const { name } of names.elements) scope[name.text] = builtin[name.text]
      } else if (module === undefined) wrong.push(`imports unknown module ${from}`)
      else if (names && ts.isNamedImports(names)) {
        for (const { name, propertyName } of names.elements) {
          const known = (propertyName ?? name).text
          if (!(known in module)) wrong.push(`${from} does not export ${known}`)
          scope[name.text] = module[known]
        }
      } else if (names) scope[names.name.text] = module
      continue
    }
    const comments = [
      ...(ts.getTrailingCommentRanges(code, statement.getEnd()) ?? []),
      ...commentLinesAfter(code, statement.getEnd()),
    ].map(({ pos, end }) => code.slice(pos, end).replace(/^\/\/ ?/, ''))
    const text = statement.getText(source)
    if (ts.isExpressionStatement(statement) && comments.length > 0) {
      checked++
      const expression = statement.expression.getText(source)
      body += `await check(${JSON.stringify(expression)}, async () => (${expression}), ${JSON.stringify(comments.join('\n'))})\n`
    } else body += `${text}\n`
  }
  const check = async (text: string, evaluate: () => Promise<unknown>, comment: string) => {
    let actual: unknown
    const before = printed.length
    try {
      actual = await evaluate()
    } catch (error) {
      const told = error as Error & { code?: string }
      if (/^throws\b/i.test(comment) && (comment.includes(told.name) || comment.includes(told.code ?? '\0'))) return
      throw error
    }
    if (printed.length > before) actual = printed.slice(before).join('\n')
    if (!agrees(actual, comment, scope))
      wrong.push(`${text}\n  says  ${comment}\n  gives ${inspect(visible(actual), { depth: 9 })}`)
  }
  const console = {
    log: (...values: unknown[]) => printed.push(values.map((v) => (typeof v === 'string' ? v : inspect(v))).join(' ')),
  }
  const javascript = ts.transpileModule(body, {
    compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext },
  })
  const names = Object.keys({ ...scope, check, console })
  const values = Object.values({ ...scope, check, console })
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<void>
  // in a block of its own, so that an example may use an exported name for its own table
  await new AsyncFunction(...names, `{\n${javascript.outputText.replace(/^export \{\};?$/m, '')}\n}`)(...values)
  return { checked, wrong }
}

/** The comment lines directly below a statement, up to the next blank line or statement. */
function commentLinesAfter(code: string, end: number): { pos: number; end: number }[] {
  const ranges: { pos: number; end: number }[] = []
  let at = code.indexOf('\n', end)
  while (at >= 0) {
    const stop = code.indexOf('\n', at + 1) < 0 ? code.length : code.indexOf('\n', at + 1)
    const line = code.slice(at + 1, stop)
    if (!/^\s*\/\//.test(line)) break
    ranges.push({ pos: at + 1 + line.search(/\S/), end: stop })
    if (stop === code.length) break
    at = stop
  }
  return ranges
}
