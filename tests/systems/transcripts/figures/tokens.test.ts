import { describe, expect, it } from 'vitest'
import { expandWord, tokensOf, Vocabulary } from '../../../../src/systems/transcripts/figures/language/tokens.ts'

describe('the words of a text', () => {
  it('have the same numbers, however many words were read before', () => {
    // more words than are kept, so that most of them take the place of another one
    const known = Array.from({ length: 6000 }, (_, at) => `w${at.toString(36)}`)
    const written = known.flatMap((word, at) => [word, word.toUpperCase(), `${word}'ll`, `other${at}`])
    const vocabulary = new Vocabulary()
    for (const word of [...known, 'will']) vocabulary.add(word)
    const ids = written.flatMap((word) => expandWord(word.toLowerCase()).map((part) => vocabulary.idOf(part)))
    const text = written.join(' ')
    for (let time = 0; time < 2; time++) {
      const tokens = tokensOf(text, vocabulary)
      expect(Array.from(tokens.ids.subarray(0, tokens.count))).toEqual(ids)
    }
  })

  it('of any length are known by all of their letters', () => {
    const vocabulary = new Vocabulary()
    const words = Array.from({ length: 40 }, (_, at) => 'x'.repeat(at + 1))
    for (const word of words) vocabulary.add(word)
    const text = words.flatMap((word) => [word, `${word}y`, `${word}-y`]).join(' ')
    const { ids, count } = tokensOf(text, vocabulary)
    // the one behind a hyphen is a word of its own
    expect(Array.from(ids.subarray(0, count))).toEqual(words.flatMap((_, at) => [at, -1, at, -1]))
  })
})
