import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runExample } from './run-example.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

describe('the documents', () => {
  it.each(pages)('%s links to files and headings that exist', (page) => {
    const broken: string[] = []
    for (const [, target = ''] of read(page)
      .replace(/```[\s\S]*?```/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [path = '', heading] = target.split('#')
      const file = path === '' ? join(root, page) : join(root, dirname(page), path)
      if (!existsSync(file)) broken.push(target)
      else if (heading !== undefined && !anchors(readFileSync(file, 'utf8')).has(heading)) broken.push(target)
    }
    expect(broken).toEqual([])
  })

  const examples = pages.flatMap((page) =>
    [...read(page).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
      ([, code = ''], index) => [page, index + 1, code] as const,
    ),
  )
  it.each(examples)('%s: example %i gives what its comments say', async (_page, _index, code) => {
    const { checked, wrong } = await runExample(code)
    expect(wrong).toEqual([])
    expect(checked, 'an example shows at least one result as a comment').toBeGreaterThan(0)
  })

  it('explain every error code, and no other', () => {
    const union = read('src/errors.ts').match(/export type ErrorCode =([\s\S]*?)\n\n/)?.[1] ?? ''
    const codes = [...union.matchAll(/'([a-z_0-9]+)'/g)].map((match) => match[1])
    const headings = [...read('docs/errors.md').matchAll(/^### (\w+)$/gm)].map((match) => match[1])
    expect(codes.length).toBeGreaterThan(40)
    expect(headings.toSorted()).toEqual(codes.toSorted())
  })

  it('give a reason for every dependency', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'))
    const page = read('docs/dependencies.md')
    const silent = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !page.includes(name))
    expect(silent).toEqual([])
  })

  it('name no error code that does not exist', () => {
    const known = new Set([...read('docs/errors.md').matchAll(/^### (\w+)$/gm)].map((match) => match[1]))
    const table = read('docs/pipeline.md')
    const named = [...table.matchAll(/^\| `([a-z_]+)` \|/gm)].map((match) => match[1] as string)
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((code) => !known.has(code))).toEqual([])
  })
})

function anchors(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
      (match[1] as string)
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )
}
