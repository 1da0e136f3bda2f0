/**
 * What is wrong with a request: each part of it that does not fit, as data and as a sentence.
 * @module
 */
import type { z } from 'zod'
import { refuseUnless } from '../../arguments.ts'
import { ServerError } from '../../errors.ts'
import type { RequestFault } from './problem.ts'

/** Returns the parts of a request that do not fit its schema. */
export function faultsIn(issues: readonly z.core.$ZodIssue[], place: RequestFault['in']): RequestFault[] {
  return issues.flatMap((issue): RequestFault[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((name) => ({ in: place, name, problem: 'there is no such name' }))
    }
    const name = issue.path.map(String).join('.')
    const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : undefined
    return [{ in: place, name, problem: issue.message, ...(allowed !== undefined && { allowed }) }]
  })
}

const NAMES_OF: Readonly<Record<RequestFault['in'], string>> = {
  path: 'of the path',
  query: 'of the query',
  header: 'of the header',
  body: 'of the form',
}

/** A sentence lists this many values; the fault itself has all. */
const LISTED = 20

function listText(values: readonly string[]): string {
  const more = values.length > LISTED ? ` and ${values.length - LISTED} more` : ''
  return `${values.slice(0, LISTED).join(', ')}${more}`
}

function faultText({ in: place, name, problem, allowed }: RequestFault): string {
  const choice = allowed === undefined ? '' : `; allowed: ${listText(allowed)}`
  return `${name === '' ? 'the request' : `"${name}"`} ${NAMES_OF[place]}: ${problem}${choice}`
}

/**
 * Returns the error of a request of which parts do not fit. A route throws it for what a schema cannot know, such as names in
 * the data.
 *
 * @throws ServerError invalid_option - what is given is no list of faults
 * @example
 * import { requestInvalid } from 'support-etl/server'
 *
 * const fault = { in: 'query', name: 'channel', problem: 'there is no "Fax"', allowed: ['Call', 'Email'] } as const
 * requestInvalid([fault]).message // '"channel" of the query: there is no "Fax"; allowed: Call, Email'
 */
export function requestInvalid(faults: readonly RequestFault[]): ServerError {
  refuseUnless(Array.isArray(faults), 'faults', faults, 'a list of faults', ServerError)
  return new ServerError('request_invalid', faults.map(faultText).join('; '), { details: { faults } })
}
