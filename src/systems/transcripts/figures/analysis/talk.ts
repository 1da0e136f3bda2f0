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

/** The number of words between spaces in `[from, to)`. */
function wordCount(text: string, from: number, to: number): number {
  let count = 0
  let isWord = false
  for (let at = from; at < to; at++) {
    const isSpace = text.charCodeAt(at) <= 0x20
    if (!isSpace && !isWord) count++
    isWord = !isSpace
  }
  return count
}

/** Counts the turns and words of agent and customer in a transcript. */
export function talkOf(transcript: string, turns: readonly Turn[]): Talk {
  let [agentTurns, customerTurns, agentWords, customerWords] = [0, 0, 0, 0]
  for (const { speaker, offset, text } of turns) {
    if (speaker === 'unknown') continue
    const words = wordCount(transcript, offset, offset + text.length)
    if (speaker === 'agent') [agentTurns, agentWords] = [agentTurns + 1, agentWords + words]
    else [customerTurns, customerWords] = [customerTurns + 1, customerWords + words]
  }
  const all = agentWords + customerWords
  return { agentTurns, customerTurns, agentWords, customerWords, agentShare: all === 0 ? null : agentWords / all }
}
