import { describe, expect, it } from 'vitest'
import { rangeOf } from '../../src/server/byte-range.ts'

describe('rangeOf', () => {
  it.each([
    ['bytes=0-3', { start: 0, end: 4 }],
    ['bytes=4-', { start: 4, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    // more than there is
    ['bytes=8-99', { start: 8, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
  ])('reads %s of 10 bytes', (header, range) => {
    expect(rangeOf(header, 10)).toEqual(range)
  })

  it.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('says that 10 bytes have nothing of %s', (header) => {
    expect(rangeOf(header, 10)).toBe('unsatisfiable')
  })

  it.each([
    undefined,
    '',
    'bytes=-',
    'bytes=3-2',
    'bytes=0-1,4-5',
    'lines=0-1',
    'bytes=a-b',
    `bytes=${'9'.repeat(16)}-`,
  ])('asks for all bytes where it reads %j', (header) => {
    expect(rangeOf(header, 10)).toBeNull()
  })

  it('finds nothing in an empty body', () => {
    expect([rangeOf('bytes=0-', 0), rangeOf('bytes=-1', 0)]).toEqual(['unsatisfiable', 'unsatisfiable'])
  })
})
