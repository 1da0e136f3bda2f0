/**
 * What the guide of complaints says that the slides repeat: the problem, the sources, and why each tool was chosen.
 * @module
 */

/** Parts of the guide. */
export interface Guide {
  /** Its first paragraph. */
  readonly problem: string
  /** The sources with what one row is. */
  readonly sources: readonly (readonly [source: string, grain: string])[]
  /** Tools, with the reason for each. */
  readonly choices: readonly (readonly [tool: string, reason: string])[]
}

/** Text without the marks of Markdown; what is set as code gets quotation marks. */
const plain = (text: string): string =>
  text
    .replace(/\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/`([^`]*)`/g, '“$1”')
    .replace(/\*/g, '')
    .trim()

/** The rows of the table that has these titles, cell by cell. */
function tableOf(lines: readonly string[], titles: readonly string[]): string[][] {
  const cellsOf = (line: string): string[] => line.split('|').slice(1, -1).map(plain)
  const at = lines.findIndex((line) => line.startsWith('|') && cellsOf(line).join('|') === titles.join('|'))
  if (at < 0) throw new Error(`docs/complaints.md has no table of ${titles.join(', ')}`)
  const rows = lines.slice(at + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end < 0 ? rows.length : end).map(cellsOf)
}

/** Returns the parts of the guide, from its text. */
export function readGuide(markdown: string): Guide {
  const lines = markdown.split('\n')
  const heading = lines.indexOf('# Complaints')
  const problem = lines.slice(heading + 1).find((line) => line.trim() !== '')
  if (heading < 0 || problem === undefined) throw new Error('docs/complaints.md does not begin with a paragraph')
  return {
    problem: plain(problem),
    sources: tableOf(lines, ['source', 'file', 'grain']).map(([source = '', , grain = '']) => [source, grain]),
    choices: tableOf(lines, ['tool', 'why this one']).map(([tool = '', reason = '']) => [tool, reason]),
  }
}
