/**
 * What the pages of the dashboard may do: run and style from their own files, fetch from their own place, nothing else.
 * @module
 */

/**
 * The one inline style that is allowed, by its hash: the rule that the chart library puts into every drawing.
 * It changes with the library's version or the class name of the drawings; the page's tests notice.
 */
const CHART_STYLE = "'sha256-+TfQir1nvDucAdvE6XUQBt4ayUjpAWkbw2kCdSfekHM='"

const DIRECTIVES: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': `'self' ${CHART_STYLE}`,
  'img-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'dashboard-worker',
}

const join = (directives: Readonly<Record<string, string>>) =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')

/** The policy as it stands in the page itself, for places whose headers are not ours. */
export const PAGE_POLICY = join(DIRECTIVES)

/** The policy as a header, which may also forbid framing. */
export const HEADER_POLICY = join({ ...DIRECTIVES, 'frame-ancestors': "'none'" })
