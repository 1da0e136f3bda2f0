/**
 * A result in headings, tables and sentences, written for a terminal, as Markdown or as a page.
 * @module
 */

import type { Terminal } from './terminal.ts'
import { printable } from './text/lines.ts'
import { figure } from './text/render.ts'
import { type Cell, indentedView, renderTable, type TableColumn } from './text/text-table.ts'

/** One heading, and what stands below it. */
export interface DocumentSection {
  readonly heading: string
  readonly columns: readonly TableColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly sentences: readonly string[]
}

/** A result that people read or hand in. */
export interface TextDocument {
  readonly title: string
  /** Where the figures come from. */
  readonly source: string
  readonly sections: readonly DocumentSection[]
  /** What stands at the end. */
  readonly sentences: readonly string[]
}

/** The forms of a document. */
export const DOCUMENT_FORMS = ['text', 'md', 'html'] as const
export type DocumentForm = (typeof DOCUMENT_FORMS)[number]

const INDENT = '   '

function sectionText({ heading, columns, rows, sentences }: DocumentSection, { title, view }: Terminal): string {
  const table = renderTable(columns, rows, indentedView(view, INDENT.length))
  const told = sentences.map((sentence) => `${printable(sentence)}\n`).join('')
  const body = told === '' ? table : `${table}\n${told}`
  return `${title(printable(heading))}\n\n${body.replace(/^(?=.)/gm, INDENT)}`
}

function documentText({ source, sections, sentences }: TextDocument, terminal: Terminal): string {
  const told = sentences.map((sentence) => `${printable(sentence)}\n`).join('')
  const parts = sections.map((section) => sectionText(section, terminal)).join('\n')
  return terminal.fit(`${printable(source)}\n\n${parts}${told === '' ? '' : `\n${told}`}`)
}

const shown = (cell: Cell): string => (typeof cell === 'number' ? figure(cell) : printable(String(cell ?? '')))

/** Text in which Markdown sees no marks. */
const plain = (text: string): string => printable(text).replace(/[\\`*_[\]<>|#]/g, '\\$&')

function markdownTable({ columns, rows }: DocumentSection): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const rule = columns.map(({ align }) => (align === 'right' ? '--:' : '---'))
  const body = rows.map((row) => line(columns.map((_, at) => plain(shown(row[at] ?? null)))))
  return line(columns.map(({ title }) => plain(title))) + line(rule) + body.join('')
}

function documentMarkdown({ title, source, sections, sentences }: TextDocument): string {
  const paragraphs = (texts: readonly string[]) => texts.map((text) => `\n${plain(text)}\n`).join('')
  const parts = sections.map(
    (section) => `\n## ${plain(section.heading)}\n\n${markdownTable(section)}${paragraphs(section.sentences)}`,
  )
  return `# ${plain(title)}\n\n${plain(source)}\n${parts.join('')}${paragraphs(sentences)}`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => printable(text).replace(/[&<>"]/g, (mark) => ENTITIES[mark] as string)

/** Everything that the page needs is in it. */
const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { padding: .25rem .75rem; border-bottom: 1px solid #8886; text-align: left }
.right { text-align: right; font-variant-numeric: tabular-nums }
:root { color-scheme: light dark }`

function htmlTable({ columns, rows }: DocumentSection): string {
  const line = (cells: readonly string[], name: string) => {
    const marked = cells.map((text, at) => {
      const align = columns[at]?.align === 'right' ? ' class="right"' : ''
      return `<${name}${name === 'th' ? ' scope="col"' : ''}${align}>${escaped(text)}</${name}>`
    })
    return `<tr>${marked.join('')}</tr>\n`
  }
  const head = line(
    columns.map(({ title }) => title),
    'th',
  )
  const body = rows.map((row) =>
    line(
      columns.map((_, at) => shown(row[at] ?? null)),
      'td',
    ),
  )
  return `<table>\n<thead>\n${head}</thead>\n<tbody>\n${body.join('')}</tbody>\n</table>\n`
}

function documentHtml({ title, source, sections, sentences }: TextDocument): string {
  const paragraphs = (texts: readonly string[]) => texts.map((text) => `<p>${escaped(text)}</p>\n`).join('')
  const parts = sections.map(
    (section) => `<h2>${escaped(section.heading)}</h2>\n${htmlTable(section)}${paragraphs(section.sentences)}`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${paragraphs([source])}${parts.join('')}${paragraphs(sentences)}</body>
</html>
`
}

/** Returns a document in one of its forms. The page and Markdown have every row, whatever the terminal shows. */
export function renderDocument(document: TextDocument, form: DocumentForm, terminal: Terminal): string {
  if (form === 'md') return documentMarkdown(document)
  return form === 'html' ? documentHtml(document) : documentText(document, terminal)
}
