// The protocol of the suite for engines in JavaScript: a case a line comes in, an answer a line goes out.
import { createInterface } from 'node:readline'

/** Answers each case with the rows that `apply` gives, or with the words of its error; a text that it gives is why it cannot. */
export async function answerCases(apply) {
  for await (const line of createInterface({ input: process.stdin })) {
    let answer
    try {
      const found = await apply(JSON.parse(line))
      answer = typeof found === 'string' ? { skip: found } : { rows: found }
    } catch (error) {
      answer = { error: error.message.split('\n')[0] }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
}
