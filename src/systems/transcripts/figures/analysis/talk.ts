/**
 * Who speaks where, and how much.
 * @module
 */
import type { Speaker, Turn } from '../turns.ts'
import type { Talk } from './analysis.ts'

/** Who says what stands at a place of a transcript. */
export function speakerAt(turns: readonly Turn[], offset: number): Speaker {
  let [low, high] = [0, turns.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((turns[middle]?.offset ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return turns[low]?.speaker ?? 'unknown'
}

/** The number of words between spaces. */
function wordCount(text: string): number {
  let count = 0
  let isWord = false
  for (let at = 0; at < text.length; at++) {
    const isSpace = text.charCodeAt(at) <= 0x20
    if (!isSpace && !isWord) count++
    isWord = !isSpace
  }
  return count
}

/** Counts the turns and words of agent and customer. */
export function talkOf(turns: readonly Turn[]): Talk {
  const counts = { agentTurns: 0, customerTurns: 0, agentWords: 0, customerWords: 0 }
  for (const { speaker, text } of turns) {
    if (speaker === 'unknown') continue
    counts[`${speaker}Turns`]++
    counts[`${speaker}Words`] += wordCount(text)
  }
  const all = counts.agentWords + counts.customerWords
  return { ...counts, agentShare: all === 0 ? null : counts.agentWords / all }
}
