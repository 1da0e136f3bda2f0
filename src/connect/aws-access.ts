/**
 * Where services of AWS are and who asks them: what their clients take from the environment, and what a refusal means.
 * @module
 */
import type { ErrorCode } from '../errors.ts'

/** How to reach a service. The usual AWS environment variables and files supply what is left out. */
export interface AwsPlace {
  readonly endpoint?: string
  readonly region?: string
}

/** Returns the settings of a service's client. `endpoint` is there only for a server other than AWS. */
export function clientSettings(service: 'S3' | 'SSM', { endpoint, region }: AwsPlace): AwsPlace {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION, [`AWS_ENDPOINT_URL_${service}`]: ofService } = process.env
  const server = endpoint ?? (ofService || AWS_ENDPOINT_URL)
  // servers other than AWS take any region
  const where = region ?? (AWS_REGION || AWS_DEFAULT_REGION || (server ? 'us-east-1' : undefined))
  return { ...(server ? { endpoint: server } : {}), ...(where === undefined ? {} : { region: where }) }
}

const UNKNOWN_KEY = ['permission_denied', 'the access key is unknown; check AWS_ACCESS_KEY_ID'] as const
const WRONG_SIGNATURE = ['permission_denied', 'the signature is wrong; check AWS_SECRET_ACCESS_KEY'] as const
const ENDED = ['permission_denied', 'the session has ended; get new credentials'] as const

/** Each service has names of its own for the same refusal. */
const REFUSED: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  CredentialsProviderError: [
    'permission_denied',
    'no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
  ],
  InvalidAccessKeyId: UNKNOWN_KEY,
  InvalidClientTokenId: UNKNOWN_KEY,
  UnrecognizedClientException: UNKNOWN_KEY,
  SignatureDoesNotMatch: WRONG_SIGNATURE,
  InvalidSignatureException: WRONG_SIGNATURE,
  ExpiredToken: ENDED,
  ExpiredTokenException: ENDED,
}

/** Returns what it means that a service does not know who asks; null for any other failure. */
export function accessFailure({ name, message }: Error): readonly [code: ErrorCode, text: string] | null {
  if (message === 'Region is missing') return ['invalid_option', 'no region is known; set AWS_REGION']
  if (message.startsWith('Region not accepted'))
    return ['invalid_option', "the region is no region's name; set AWS_REGION to one such as eu-north-1"]
  return REFUSED[name] ?? null
}

/** Returns the name of a failed call: the connection's error code, or the service's. */
export function failureName(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
