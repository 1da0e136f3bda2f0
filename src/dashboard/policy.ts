/**
 * What the pages may do: run and style from their own files, and fetch from their own site.
 * Nothing else.
 * @module
 */

/**
 * The hash of the one inline style that is allowed: the rule that the chart library puts into
 * every drawing. It changes with the library's version or the drawings' class name; the page's
 * tests notice.
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

/** The policy inside the page, for file servers whose headers we do not control. */
export const PAGE_POLICY = join(DIRECTIVES)

/** The policy as a header. Unlike the one in the page, it can also forbid framing. */
export const HEADER_POLICY = join({ ...DIRECTIVES, 'frame-ancestors': "'none'" })
