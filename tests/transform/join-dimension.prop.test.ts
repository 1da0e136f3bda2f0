import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { frameOf } from '../../src/table/frame.ts'
import { encodeTexts } from '../../src/table/utf8.ts'
import { joinFrames } from '../../src/transform/dimension-join.ts'
import { numbers, rowsOf, texts } from '../systems/support/figures/frames.ts'

const id = fc.constantFrom('a', 'b', 'ab', '', 'é', null)
const number = fc.constantFrom(0, 1, 2.5, null)
const facts = fc.array(fc.tuple(id, number), { maxLength: 30 })
const dimension = fc.uniqueArray(fc.tuple(id, number, fc.constantFrom('Oslo', 'Bergen', 'Unknown', null)), {
  selector: ([text, value]) => `${text}|${value}`,
})
const encoding = fc.constantFrom(texts, encodeTexts)
const hasKey = (text: string | null, value: number | null) => text !== null && text !== '' && value !== null

describe('law 13: a dimension join keeps the fact', () => {
  test.prop([facts, dimension, encoding, encoding], { numRuns: 1000 })(
    'its rows and their order, and every row is matched or unknown',
    (fact, members, encodeFact, encodeMember) => {
      const before = frameOf([
        ['row', numbers(fact.map((_, row) => row))],
        ['id', encodeFact(fact.map(([text]) => text))],
        ['number', numbers(fact.map(([, value]) => value))],
      ])
      const names = frameOf([
        ['id', encodeMember(members.map(([text]) => text))],
        ['number', numbers(members.map(([, value]) => value))],
        ['name', encodeMember(members.map(([, , name]) => name))],
        ['place', numbers(members.map((_, place) => place))],
      ])
      const joined = joinFrames(before, names, { on: ['id', 'number'], select: ['name', 'place'] })
      expect(rowsOf(joined)).toEqual(
        fact.map(([text, value], row) => {
          const place = members.findIndex(([key, other]) => hasKey(text, value) && key === text && other === value)
          const [name, found] = place < 0 ? ['Unknown', null] : [members[place]?.[2] ?? null, place]
          return [row, text, value, name, found]
        }),
      )
    },
  )
})
