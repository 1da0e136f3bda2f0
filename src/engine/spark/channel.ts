/**
 * Calls to a Spark Connect server over gRPC. Only this file loads gRPC, on first use.
 * @module
 */
import type { CallOptions, ChannelCredentials, Client, ClientOptions, Metadata, ServiceError } from '@grpc/grpc-js'
import type { MessageTypeDefinition, MethodDefinition, ServiceDefinition } from '@grpc/proto-loader'
import { loadPackage } from '../../connect/load-package.ts'
import { ConnectError } from '../../errors.ts'
import {
  type Answers,
  ERROR_INFO,
  type ExecuteAnswer,
  PROTOCOL,
  type Requests,
  SERVICE,
  STATUS,
  type StreamRequests,
} from './protocol.ts'

/** How a server is reached. */
export interface ChannelSettings {
  readonly target: string
  readonly userAgent: string
  readonly headers: Readonly<Record<string, string>>
  /** Null for a connection in the clear; else the certificates to trust, null for those of the system. */
  readonly tls: { readonly certificates: Uint8Array | null } | null
}

/** A failed call, as gRPC says it. */
export interface CallFailure {
  /** The name of gRPC's status, such as `UNAVAILABLE`. */
  readonly status: string
  readonly message: string
  /** What Spark says of it beside: `errorClass`, `sqlState` …; empty where the failure is not Spark's. */
  readonly details: Readonly<Record<string, string>>
}

/** The answers of a running statement. Cancelling ends the call, not the statement. */
export interface AnswerStream extends AsyncIterable<ExecuteAnswer> {
  cancel(): void
}

/** What every request begins with. */
export type Asking = Readonly<Record<string, unknown>>

/** A channel to one server: it connects by itself, and again after the connection broke. */
export interface Channel {
  call<Name extends keyof Requests>(method: Name, request: Requests[Name] & Asking): Promise<Answers[Name]>
  stream<Name extends keyof StreamRequests>(method: Name, request: StreamRequests[Name] & Asking): AnswerStream
  /** Reads what a call threw; null for what is no failure of a call. */
  failureOf(error: unknown): CallFailure | null
  close(): void
}

/** Milliseconds after which a call with one answer counts as failed. */
const ANSWER_TIMEOUT = 30_000
/** Milliseconds between signs of life: servers of Spark end connections that ask more often. */
const KEEPALIVE = 300_000

const INSTALL = '@grpc/grpc-js @grpc/proto-loader'
const WHAT = 'a connection to Spark'

async function loadGrpc() {
  const grpc = await loadPackage(() => import('@grpc/grpc-js'), { name: '@grpc/grpc-js', install: INSTALL, what: WHAT })
  const loader = await loadPackage(() => import('@grpc/proto-loader'), {
    ...{ name: '@grpc/proto-loader', install: INSTALL, what: WHAT },
  })
  return { grpc, loader }
}

type Grpc = Awaited<ReturnType<typeof loadGrpc>>['grpc']

/** The headers of every call. A token goes with each call: gRPC's own way to attach one needs TLS. */
function metadataOf(grpc: Grpc, headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new grpc.Metadata()
  try {
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  } catch {
    throw new ConnectError(
      'path_invalid',
      `a header of the connection to Spark cannot be sent (it is not repeated here); headers are visible ASCII characters`,
    )
  }
  return metadata
}

function credentialsOf(grpc: Grpc, tls: ChannelSettings['tls']): ChannelCredentials {
  if (tls === null) return grpc.credentials.createInsecure()
  return grpc.credentials.createSsl(tls.certificates === null ? null : Buffer.from(tls.certificates))
}

/** Returns a function that reads the details of a failed call. */
function failureReader(
  grpc: Grpc,
  status: MessageTypeDefinition<object, object>,
  info: MessageTypeDefinition<object, object>,
) {
  interface Status {
    readonly details?: readonly { readonly typeUrl?: string; readonly value?: Buffer }[]
  }
  const detailsOf = (bytes: Buffer): Readonly<Record<string, string>> => {
    const { details = [] } = status.deserialize(bytes) as Status
    const found = details.find(({ typeUrl }) => typeUrl?.endsWith(`/${ERROR_INFO}`) === true)?.value
    if (found === undefined) return {}
    const { metadata = {} } = info.deserialize(found) as { readonly metadata?: Readonly<Record<string, string>> }
    return metadata
  }
  return (error: unknown): CallFailure | null => {
    if (!isServiceError(error)) return null
    const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? []
    return {
      status: grpc.status[error.code] ?? 'UNKNOWN',
      message: error.details,
      details: Buffer.isBuffer(bytes) ? detailsOf(bytes) : {},
    }
  }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error
}

/**
 * Opens a channel. Nothing is sent before its first call.
 * @throws ConnectError package_missing - gRPC is not installed; path_invalid - a header cannot be sent
 */
export async function openChannel(settings: ChannelSettings): Promise<Channel> {
  const { grpc, loader } = await loadGrpc()
  // its types ask for a comment at each method
  const definitions = loader.fromJSON(PROTOCOL as Parameters<typeof loader.fromJSON>[0], { longs: String })
  const service = definitions[SERVICE] as ServiceDefinition
  const method = (name: string) => service[name] as MethodDefinition<object, object>
  const metadata = metadataOf(grpc, settings.headers)
  const options: ClientOptions = {
    ...{ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 },
    ...{ 'grpc.keepalive_time_ms': KEEPALIVE, 'grpc.primary_user_agent': settings.userAgent },
    // the caller decides what is asked again
    'grpc.enable_retries': 0,
  }
  const client: Client = new grpc.Client(settings.target, credentialsOf(grpc, settings.tls), options)
  return {
    call: <Name extends keyof Requests>(name: Name, request: Requests[Name] & Asking) => {
      const { path, requestSerialize, responseDeserialize } = method(name)
      const within: CallOptions = { deadline: Date.now() + ANSWER_TIMEOUT }
      return new Promise<Answers[Name]>((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          within,
          (error, answer) =>
            // the message's description says what it holds
            error === null ? resolve(answer as Answers[Name]) : reject(error),
        )
      })
    },
    stream: (name, request) => {
      const { path, requestSerialize, responseDeserialize } = method(name)
      const answers = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata)
      // iterating rejects with the error too; what comes after the last row was read is nobody's failure
      answers.on('error', () => {})
      return answers as unknown as AnswerStream
    },
    failureOf: failureReader(
      grpc,
      definitions[STATUS] as MessageTypeDefinition<object, object>,
      definitions[ERROR_INFO] as MessageTypeDefinition<object, object>,
    ),
    close: () => client.close(),
  }
}
