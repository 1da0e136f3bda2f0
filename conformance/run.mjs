#!/usr/bin/env node
// Runs the conformance cases against an engine: node run.mjs [--json] COMMAND [ARGUMENT…]
// The command reads one case a line as JSON, without what is expected, and answers one line for each:
// {"rows": [[cell, …], …]} with the rows after the last delta, {"error": "words"} where it refuses, or {"skip": "reason"}.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** All cases of the suite: the decisions, then the random sets. */
export function readCases() {
  return ['decisions.json', 'laws.json'].flatMap((name) =>
    JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')),
  )
}

const inKeyOrder = (rows) =>
  rows
    .map((row) => JSON.stringify(row))
    .sort()
    .join('\n')

/**
 * Says what an answer is worth: `same`, `order` (the right rows in another order), `refused` (as expected), `wrong` (other rows),
 * `accepted` (rows where it should refuse), `stopped` (an error where rows are expected), or `skipped`.
 */
export function verdictOf({ expected, error }, answer) {
  if (answer.skip !== undefined) return 'skipped'
  if (answer.error !== undefined) return error === undefined ? 'stopped' : 'refused'
  if (error !== undefined) return 'accepted'
  const rows = expected.at(-1)
  if (JSON.stringify(answer.rows) === JSON.stringify(rows)) return 'same'
  return inKeyOrder(answer.rows) === inKeyOrder(rows) ? 'order' : 'wrong'
}

/** Asks a command for its answer to each case, one after the other. */
export async function ask(command, args, cases) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const failed = new Promise((_, reject) => child.once('error', reject))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answers = []
  for (const { expected: _, error: __, ...question } of cases) {
    child.stdin.write(`${JSON.stringify(question)}\n`)
    const line = await Promise.race([lines.next(), failed])
    if (line.done) throw new Error(`${command} ended before it answered ${question.id}`)
    answers.push(JSON.parse(line.value))
  }
  child.stdin.end()
  await ended
  return answers
}

async function main(args) {
  const asJson = args[0] === '--json'
  const [command, ...rest] = asJson ? args.slice(1) : args
  if (command === undefined) {
    process.stderr.write('say which command answers the cases: node run.mjs [--json] COMMAND [ARGUMENT…]\n')
    return 2
  }
  const cases = readCases()
  const answers = await ask(command, rest, cases)
  const results = cases.map((each, at) => ({ ...each, answer: answers[at], verdict: verdictOf(each, answers[at]) }))
  if (asJson) {
    const short = results.map(({ id, verdict, answer }) => ({
      id,
      verdict,
      ...(answer.error ? { error: answer.error } : {}),
    }))
    process.stdout.write(`${JSON.stringify(short)}\n`)
    return 0
  }
  for (const { id, title, verdict, answer, expected, error } of results) {
    if (verdict === 'same' || verdict === 'refused') continue
    process.stdout.write(`${id} ${verdict}: ${title}\n`)
    if (verdict !== 'skipped')
      process.stdout.write(
        `  expected ${error === undefined ? JSON.stringify(expected.at(-1)) : `an error (${error})`}\n  answered ${JSON.stringify(answer)}\n`,
      )
  }
  const counts = Object.groupBy(results, ({ verdict }) => verdict)
  const said = Object.entries(counts).map(([verdict, found]) => `${found.length} ${verdict}`)
  process.stdout.write(`${results.length} cases: ${said.join(', ')}\n`)
  const isRight = results.every(({ verdict }) => ['same', 'refused', 'skipped'].includes(verdict))
  return isRight ? 0 : 1
}

if (process.argv[1] === new URL(import.meta.url).pathname) process.exitCode = await main(process.argv.slice(2))
