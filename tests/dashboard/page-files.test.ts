import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pageFiles, typeOf } from '../../src/dashboard/page-files.ts'
import { HEADER_POLICY, PAGE_POLICY } from '../../src/dashboard/policy.ts'

describe('pageFiles', () => {
  it('gives each file below a folder with its name, type and bytes, by name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'support-etl-pages-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'assets', 'empty'), { recursive: true })
    for (const name of ['index.html', 'assets/page.js', 'assets/page.css']) writeFileSync(join(folder, name), name)
    const files = pageFiles(folder).map(({ name, type, bytes }) => [name, type, new TextDecoder().decode(bytes)])
    expect(files).toEqual([
      ['assets/page.css', 'text/css; charset=utf-8', 'assets/page.css'],
      ['assets/page.js', 'text/javascript; charset=utf-8', 'assets/page.js'],
      ['index.html', 'text/html; charset=utf-8', 'index.html'],
    ])
  })

  it('says what to do where the package was not built', () => {
    expect(() => pageFiles('/nowhere/dist')).toThrow(
      expect.objectContaining({
        code: 'not_found',
        message: '/nowhere/dist does not exist: build the package first (npm run build)',
      }),
    )
  })
})

describe('typeOf', () => {
  it.each([
    ['icon.svg', 'image/svg+xml'],
    ['data/manifest.json', 'application/json; charset=utf-8'],
    ['data/calls.parquet', 'application/vnd.apache.parquet'],
    ['LICENSE', 'application/octet-stream'],
  ])('%s is %s', (name, type) => {
    expect(typeOf(name)).toBe(type)
  })
})

describe('the policy of the pages', () => {
  it('allows their own files and one inline style, and nothing else', () => {
    expect(PAGE_POLICY.replace(/'sha256-[\w+/]{43}='/, 'HASH').split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' HASH",
      "img-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types dashboard-worker',
    ])
    expect(HEADER_POLICY).toBe(`${PAGE_POLICY}; frame-ancestors 'none'`)
  })
})
