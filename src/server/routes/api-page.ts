/**
 * The page on which people read and try the API. All of its files come from this server.
 * @module
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ServerError } from '../../errors.ts'
import { packageFolder } from '../../isolate/package-file.ts'
import { tagOf } from '../answers/answer.ts'
import type { OwnAnswer } from '../answers/own-answer.ts'

/** The addresses of the page. */
export const PAGE_PATHS = ['/docs', '/docs/start.js', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'] as const

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <script src="/docs/swagger-ui-bundle.js" defer></script>
    <script src="/docs/start.js" defer></script>
  </head>
  <body>
    <main id="page"></main>
  </body>
</html>
`

/** No validator of another site is asked, and keys are not kept by the browser. */
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#page', validatorUrl: null, deepLinking: true, tryItOutEnabled: true, persistAuthorization: false })
`

/** The viewer sets styles of its own; it loads nothing from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

/** Files that were read: the viewer is large, and does not change while a server runs. */
const files = new Map<string, { readonly body: Uint8Array; readonly etag: string }>()

async function viewerFile(name: string): Promise<{ readonly body: Uint8Array; readonly etag: string }> {
  const known = files.get(name)
  if (known !== undefined) return known
  const body = await readViewer(name)
  const read = { body, etag: tagOf(body) }
  files.set(name, read)
  return read
}

async function readViewer(name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(packageFolder(), 'dist', 'api-page', name))
  } catch (cause) {
    throw new ServerError('not_found', 'the page is not built; npm run build makes it', { cause })
  }
}

/** Returns a file of the page. @throws ServerError not_found - the package was not built */
export async function pageAnswer(path: string): Promise<OwnAnswer> {
  const headers = { 'content-security-policy': POLICY, 'cache-control': 'no-cache' }
  if (path === '/docs')
    return { status: 200, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' }, body: HTML }
  const name = path.slice('/docs/'.length)
  const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
  if (name === 'start.js') return { status: 200, headers: { ...headers, 'content-type': type }, body: START }
  const { body, etag } = await viewerFile(name)
  return { status: 200, headers: { ...headers, 'content-type': type, etag }, body }
}
