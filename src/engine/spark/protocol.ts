/**
 * The messages of Spark Connect that this client sends and reads, with the field numbers of its public protocol. Fields that are
 * not described here are skipped when an answer is read.
 * @module
 */

interface Field {
  readonly type: string
  readonly id: number
  readonly rule?: 'repeated'
  readonly keyType?: string
}

const one = (type: string, id: number): Field => ({ type, id })
const many = (type: string, id: number): Field => ({ type, id, rule: 'repeated' })
const byName = (type: string, id: number): Field => ({ type, id, keyType: 'string' })
const message = (fields: Readonly<Record<string, Field>>) => ({ fields })

/** What begins most requests; the number of the last of them differs. */
const asking = (serverSideSessionId: number | null) => ({
  sessionId: one('string', 1),
  userContext: one('UserContext', 2),
  ...(serverSideSessionId === null ? {} : { clientObservedServerSideSessionId: one('string', serverSideSessionId) }),
})

const EXECUTION = {
  ExecutePlanRequest: message({
    ...asking(8),
    ...{ plan: one('Plan', 3), clientType: one('string', 4), requestOptions: many('RequestOption', 5) },
    operationId: one('string', 6),
  }),
  RequestOption: message({ reattachOptions: one('ReattachOptions', 1) }),
  ReattachOptions: message({ reattachable: one('bool', 1) }),
  ExecutePlanResponse: message({
    ...{ arrowBatch: one('ArrowBatch', 2), responseId: one('string', 13) },
    ...{ resultComplete: one('Empty', 14), serverSideSessionId: one('string', 15) },
  }),
  ArrowBatch: message({ data: one('bytes', 2) }),
  Empty: message({}),
  ReattachExecuteRequest: message({
    ...asking(6),
    ...{ operationId: one('string', 3), clientType: one('string', 4), lastResponseId: one('string', 5) },
  }),
  ReleaseExecuteRequest: message({
    ...asking(7),
    ...{ operationId: one('string', 3), clientType: one('string', 4), releaseAll: one('Empty', 5) },
  }),
  ReleaseExecuteResponse: message({}),
  InterruptRequest: message({
    ...asking(7),
    ...{ clientType: one('string', 3), interruptType: one('int32', 4), operationId: one('string', 6) },
  }),
  InterruptResponse: message({}),
}

const SESSION = {
  UserContext: message({ userId: one('string', 1), userName: one('string', 2) }),
  ReleaseSessionRequest: message({ ...asking(null), clientType: one('string', 3) }),
  ReleaseSessionResponse: message({}),
  ConfigRequest: message({ ...asking(8), operation: one('ConfigOperation', 3), clientType: one('string', 4) }),
  ConfigOperation: message({ set: one('ConfigSet', 1) }),
  ConfigSet: message({ pairs: many('KeyValue', 1) }),
  KeyValue: message({ key: one('string', 1), value: one('string', 2) }),
  ConfigResponse: message({ serverSideSessionId: one('string', 4) }),
}

const PLANS = {
  Plan: message({ root: one('Relation', 1), command: one('Command', 2) }),
  Relation: message({ sql: one('Sql', 10), localRelation: one('LocalRelation', 11) }),
  LocalRelation: message({ data: one('bytes', 1) }),
  Sql: message({
    ...{ query: one('string', 1), namedArguments: byName('Expression', 4), posArguments: many('Expression', 5) },
  }),
  Command: message({ createDataframeView: one('CreateView', 3), sqlCommand: one('SqlCommand', 5) }),
  CreateView: message({
    ...{ input: one('Relation', 1), name: one('string', 2), replace: one('bool', 4) },
  }),
  SqlCommand: message({ input: one('Relation', 6) }),
  Expression: message({ literal: one('Literal', 1) }),
  Literal: message({
    ...{ null: one('DataType', 1), binary: one('bytes', 2), boolean: one('bool', 3), long: one('int64', 7) },
    ...{ double: one('double', 11), string: one('string', 13), timestamp: one('int64', 17) },
  }),
  DataType: message({ null: one('Empty', 1) }),
}

const answers = (name: string, answer = `${name}Response`, responseStream = false) => ({
  ...{ requestType: `${name}Request`, responseType: answer, responseStream },
})

/** The name of the service in a package definition. */
export const SERVICE = 'spark.connect.SparkConnectService'
/** The name of the message in which a failed call has its details. */
export const STATUS = 'google.rpc.Status'
/** The name of the message in which such a detail names its error. */
export const ERROR_INFO = 'google.rpc.ErrorInfo'

/** The protocol, in the form that `@grpc/proto-loader` reads. */
export const PROTOCOL = {
  nested: {
    spark: {
      nested: {
        connect: {
          nested: {
            ...EXECUTION,
            ...SESSION,
            ...PLANS,
            SparkConnectService: {
              methods: {
                ExecutePlan: answers('ExecutePlan', 'ExecutePlanResponse', true),
                ReattachExecute: answers('ReattachExecute', 'ExecutePlanResponse', true),
                ReleaseExecute: answers('ReleaseExecute'),
                Interrupt: answers('Interrupt'),
                Config: answers('Config'),
                ReleaseSession: answers('ReleaseSession'),
              },
            },
          },
        },
      },
    },
    google: {
      nested: {
        rpc: {
          nested: {
            Status: message({ code: one('int32', 1), message: one('string', 2), details: many('Detail', 3) }),
            Detail: message({ typeUrl: one('string', 1), value: one('bytes', 2) }),
            ErrorInfo: message({ reason: one('string', 1), domain: one('string', 2), metadata: byName('string', 3) }),
          },
        },
      },
    },
  },
}

/** A value of a statement, as the protocol writes it. Whole numbers of 64 bits are text. */
export type Literal =
  | { readonly null: { readonly null: object } }
  | { readonly binary: Uint8Array }
  | { readonly boolean: boolean }
  | { readonly long: string }
  | { readonly double: number }
  | { readonly string: string }
  | { readonly timestamp: string }

/** An argument of a statement. */
export interface Argument {
  readonly literal: Literal
}

/** A statement with its arguments. */
export interface Statement {
  readonly sql: {
    readonly query: string
    readonly namedArguments?: Readonly<Record<string, Argument>>
    readonly posArguments?: readonly Argument[]
  }
}

/** What is executed: rows that a statement gives, or a command. */
export type Plan =
  | { readonly root: Statement }
  | { readonly command: { readonly sqlCommand: { readonly input: Statement } } | CreateView }

/** Rows that travel with the plan, as a temporary view of the session. */
export interface CreateView {
  readonly createDataframeView: {
    readonly input: { readonly localRelation: { readonly data: Uint8Array } }
    readonly name: string
    readonly replace: boolean
  }
}

/** One answer of a running statement. */
export interface ExecuteAnswer {
  readonly arrowBatch?: { readonly data?: Uint8Array }
  readonly responseId?: string
  readonly resultComplete?: object
  readonly serverSideSessionId?: string
}

/** Stops one statement, by its id. */
export const INTERRUPT_OPERATION = 3

/** What calls with one answer ask, beyond session and user. */
export interface Requests {
  readonly ReleaseExecute: { readonly operationId: string; readonly releaseAll: object }
  readonly Interrupt: { readonly interruptType: number; readonly operationId: string }
  readonly Config: {
    readonly operation: {
      readonly set: { readonly pairs: readonly { readonly key: string; readonly value: string }[] }
    }
  }
  readonly ReleaseSession: object
}

/** What they are answered. */
export interface Answers {
  readonly ReleaseExecute: object
  readonly Interrupt: object
  readonly Config: { readonly serverSideSessionId?: string }
  readonly ReleaseSession: object
}

/** What calls with a stream of answers ask, beyond session and user. */
export interface StreamRequests {
  readonly ExecutePlan: {
    readonly plan: Plan
    readonly operationId: string
    readonly requestOptions: readonly { readonly reattachOptions: { readonly reattachable: true } }[]
  }
  readonly ReattachExecute: { readonly operationId: string; readonly lastResponseId?: string }
}
