/**
 * Parameters of AWS's parameter store, decrypted. Only this file loads its client, on first use. No message has a value.
 * @module
 */
import type * as Sdk from '@aws-sdk/client-ssm'
import { ConnectError } from '../../errors.ts'
import { type AwsPlace, accessFailure, clientSettings, failureName } from '../aws-access.ts'
import { loadPackage } from '../load-package.ts'

const PACKAGE = '@aws-sdk/client-ssm'
/** Milliseconds, for all attempts of the client together. */
const LONGEST_ANSWER = 30_000

/** Whether an address names a path of the store. */
export function isParameterPath(address: string): boolean {
  return address.startsWith('ssm:')
}

/**
 * Returns the path of `ssm:///path/of/parameters`, without a slash at its end.
 * @throws ConnectError invalid_option - another address
 */
export function parameterPath(address: string): string {
  const [, path] = /^ssm:\/\/((?:\/[A-Za-z0-9_.-]+)+)\/?$/.exec(address) ?? []
  if (path !== undefined) return path
  throw new ConnectError(
    'invalid_option',
    'this address is no path of the parameter store (and is not repeated here: it may hold a password); expected ssm:///path, with three slashes, such as ssm:///coretelecomms/database',
  )
}

const DENIED: Readonly<Record<string, string>> = {
  AccessDeniedException: 'permission denied; allow ssm:GetParameters on the path, and kms:Decrypt with its key',
  InvalidKeyId: "a value cannot be decrypted; enable the parameter's key, and allow kms:Decrypt with it",
}

/** What a failure of the client means. The client's own error holds the request's signature, and stays out of the cause. */
function refusal(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error
  const what = `cannot read the parameters of ${path}`
  const access = accessFailure(error)
  if (access !== null) return new ConnectError(access[0], `${what}: ${access[1]}`)
  const denied = DENIED[error.name]
  if (denied !== undefined) return new ConnectError('permission_denied', `${what}: ${denied}`)
  return new ConnectError(
    'io_failed',
    `${what}: no answer that could be used (${failureName(error)}); try again later`,
    { isTransient: true },
  )
}

/** How to reach the store. */
export interface ParameterOptions extends AwsPlace {
  /** Loads the client; another one in tests. */
  readonly load?: () => Promise<typeof Sdk>
}

/**
 * Returns the values of a path's parameters by their names, all read in one request.
 *
 * @throws ConnectError package_missing - the client is not installed; the message has the command
 * @throws ConnectError not_found - parameters that the path lacks, by name
 * @throws ConnectError permission_denied, invalid_option, io_failed - the store does not answer
 */
export async function readParameters<Name extends string>(
  path: string,
  names: readonly Name[],
  { load = () => import('@aws-sdk/client-ssm'), ...place }: ParameterOptions = {},
): Promise<Readonly<Record<Name, string>>> {
  const what = 'the parameter store'
  const { SSMClient, GetParametersCommand } = await loadPackage(load, { name: PACKAGE, install: PACKAGE, what })
  const client = new SSMClient(clientSettings('SSM', place))
  const Names = names.map((name) => `${path}/${name}`)
  const answer = await client
    .send(new GetParametersCommand({ Names, WithDecryption: true }), {
      abortSignal: AbortSignal.timeout(LONGEST_ANSWER),
    })
    .catch((error: unknown) => {
      throw refusal(error, path)
    })
    .finally(() => client.destroy())
  const values = new Map(answer.Parameters?.map(({ Name, Value }) => [Name, Value]))
  const missing = Names.filter((name) => values.get(name) === undefined)
  if (missing.length > 0) {
    const where = `the parameter store of ${await client.config.region()}`
    throw new ConnectError(
      'not_found',
      `${where} has no ${missing.join(', no ')}; create what is missing, or check the path and AWS_REGION`,
    )
  }
  return Object.fromEntries(names.map((name) => [name, values.get(`${path}/${name}`)])) as Record<Name, string>
}
