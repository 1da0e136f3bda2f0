import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { renderDocument } from '../../src/terminal/document.ts'
import { openTerminal } from '../../src/terminal/terminal.ts'

const terminal = openTerminal(new PassThrough(), new PassThrough())
const hostile = '<img src=x onerror=alert(1)> | *bold* & \u001b[2J'
const document = {
  title: 'T',
  source: 'output, version 1',
  sections: [{ heading: hostile, columns: [{ title: hostile }], rows: [[hostile], [null]], sentences: [hostile] }],
  sentences: [hostile],
}

describe('renderDocument', () => {
  it('lets no text act as markup of a page', () => {
    const page = renderDocument(document, 'html', terminal)
    for (const mark of ['<img', '\u001b']) expect(page).not.toContain(mark)
    expect(page.split('&lt;img src=x onerror=alert(1)&gt; | *bold* &amp; \\u001b[2J')).toHaveLength(6)
  })

  it('lets no text act as markup of Markdown, or end a cell', () => {
    const text = renderDocument(document, 'md', terminal)
    expect(text).not.toMatch(/[^\\]<img|[^\\]\*bold/)
    expect(text).not.toContain('\u001b')
    const cells = text.split('\n').filter((line) => line.startsWith('| '))
    for (const line of cells) expect(line.replace(/\\\|/g, '').match(/\|/g)).toHaveLength(2)
  })

  it('is text for a terminal otherwise', () => {
    expect(renderDocument({ ...document, sections: [], sentences: ['One.'] }, 'text', terminal)).toBe(
      'output, version 1\n\n\nOne.\n',
    )
  })
})
