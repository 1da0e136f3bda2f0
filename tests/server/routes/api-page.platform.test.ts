import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { memoryStore } from '../../../src/connect/memory.ts'
import { nodeEffects } from '../../../src/pipeline/effects.ts'
import { createKey } from '../../../src/server/keys/key-file.ts'
import { defineRoute } from '../../../src/server/route.ts'
import { chromiumPath, launch } from '../../dashboard/browser.ts'
import { served } from '../served.ts'

const hello = defineRoute({
  method: 'get',
  path: '/api/v1/hello/{name}',
  scope: 'read',
  summary: 'says hello',
  description: 'Says hello to <b>whoever</b> asks.',
  params: z.object({ name: z.string().meta({ description: 'who asks', example: 'Ada' }) }),
  answer: z.strictObject({ data: z.string() }),
  reads: 'data',
  handle: async ({ params }) => ({ data: `hello ${params.name}` }),
})

describe.skipIf(chromiumPath === undefined)('the page of the API', () => {
  let browser: Browser
  beforeAll(async () => {
    execFileSync(process.execPath, [join(import.meta.dirname, '..', '..', '..', 'tools', 'api-page.ts')])
    browser = await launch()
  }, 60_000)
  afterAll(() => browser?.close())

  it('shows every route and tries one with a key, and asks no other site', async () => {
    const keys = memoryStore()
    const { key } = await createKey(keys, { name: 'a', scopes: ['read'], expiresAt: null }, nodeEffects())
    const server = await served({ routes: [hello], keys })
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(`${server.address}/`) && !request.url().startsWith('data:')) {
        complaints.push(`asks ${request.url()}`)
      }
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(`${server.address}/docs`)
    await page.getByText('says hello').waitFor()
    await page.getByRole('button', { name: 'Authorize' }).first().click()
    await page.locator('.auth-container input').fill(key)
    await page.locator('.auth-container button[type=submit]').click()
    await page.locator('.close-modal').click()
    await page.getByText('says hello').click()
    await page.getByPlaceholder('name').fill('Grace')
    await page.getByRole('button', { name: 'Execute' }).click()
    await page.locator('.live-responses-table').getByText('"hello Grace"').waitFor()
    // a key stays in the memory of the page
    const kept = await page.evaluate<string>(
      'JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.cookie])',
    )
    expect(kept).not.toContain(key)
    await page.reload()
    await page.getByText('says hello').first().waitFor()
    expect(await page.content()).not.toContain(key)
    expect(complaints).toEqual([])
    await page.close()
  }, 60_000)
})
