import { describe, expect, it } from 'vitest'
import { recordLines } from '../../../../src/systems/calls/job/record-lines.ts'

const linesOf = (text: string) => recordLines(new TextEncoder().encode(text))

describe('recordLines', () => {
  it.each([
    ['each line is a record', 'id\na\nb\n', [2, 3]],
    ['the last line has no end', 'id\na\nb', [2, 3]],
    ['a blank line is no record', 'id\n\na\n\n\nb\n\n', [3, 6]],
    ['a blank line that ends in CRLF is no record', 'id\r\n\r\na\r\n\r\n\r\nb\r\n\r\n', [3, 6]],
    ['blank lines before the header are no header', '\r\n\nid\na\n', [4]],
    ['a quoted line end begins no record', 'id,name\n1,"Ada\nBrook"\n2,Ben\n', [2, 4]],
    ['a doubled quote ends no quoted text', 'id\n"a""\n"\nb\n', [2, 4]],
    ['a quoted empty text is a record', 'id\n""\nb\n', [2, 3]],
    ['a header alone has no record', 'id\r\n', []],
    ['nothing has no record', '', []],
  ])('%s', (_, text, lines) => {
    expect(linesOf(text)).toEqual(lines)
  })

  it.each([
    ['blank lines', 'a,b\n1,2\n\n3,4\n'],
    ['blank lines that end in CRLF', 'a,b\r\n1,2\r\n\r\n3,4\r\n'],
    ['blank lines that end in CR', 'a,b\r1,2\r\r3,4\r'],
    ['lines of white space', 'a,b\n1,2\n \t\n3,4'],
  ])('leaves out %s', (_, text) => {
    expect(linesOf(text)).toEqual([2, 4])
  })

  it('counts line ends inside quotes, and takes the header for none, wherever it begins', () => {
    expect(linesOf('\n"a\nb",c\n"1\r\n2\n""",3\n4,5\n')).toEqual([4, 7])
    expect(linesOf('a,b\n')).toEqual([])
    expect(linesOf('')).toEqual([])
  })
})
