/** The codes of errors as the documentation lists them, which another test holds against the type. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorCode } from '../../src/errors.ts'

const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'errors.md'), 'utf8')

export const CODES = [...text.matchAll(/^### (\w+)$/gm)].map(([, code]) => code as ErrorCode)
