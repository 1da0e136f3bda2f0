/** A double of S3 and of the parameter store for tests, in a process of its own: moto, where `.ci/run` has put it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { FileStore } from '../src/connect/file-store.ts'
import { s3Store } from '../src/connect/index.ts'
import { motoServer } from './python-tools.ts'

/** Whether there is one. */
export const hasMoto = existsSync(motoServer)

/** The keys that the server takes, as it takes any. */
export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-secret' }

/** The ordinary AWS variables of a command that talks to an endpoint. */
export const environmentOf = (endpoint: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  AWS_REGION: 'us-east-1',
})

async function freePort(): Promise<number> {
  const socket = createServer()
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve))
  const address = socket.address()
  await new Promise((resolve) => socket.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A server that runs. */
export class Moto {
  readonly endpoint: string
  readonly #process: ChildProcess
  #buckets = 0

  constructor(endpoint: string, process: ChildProcess) {
    this.endpoint = endpoint
    this.#process = process
  }

  /** The name of a new bucket. */
  async newBucket(): Promise<string> {
    const client = new S3Client({
      ...{ endpoint: this.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: KEYS },
    })
    const Bucket = `bucket-${++this.#buckets}`
    await client.send(new CreateBucketCommand({ Bucket }))
    client.destroy()
    return Bucket
  }

  /** Stores secret parameters by their names below a path. */
  async putParameters(path: string, values: Readonly<Record<string, string>>): Promise<void> {
    const client = new SSMClient({ endpoint: this.endpoint, region: 'us-east-1', credentials: KEYS })
    for (const [name, Value] of Object.entries(values))
      await client.send(new PutParameterCommand({ Name: `${path}/${name}`, Value, Type: 'SecureString' }))
    client.destroy()
  }

  /** A place in a bucket, at this server or at an endpoint that leads to it. */
  place(location: string, endpoint = this.endpoint, partSize?: number): FileStore {
    const options = { endpoint, client: { credentials: KEYS } }
    return s3Store(`s3://${location}`, partSize === undefined ? options : { ...options, partSize })
  }

  stop(): void {
    this.#process.kill('SIGKILL')
  }
}

/** Starts a server and waits until it answers. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const child = spawn(motoServer, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const moto = new Moto(`http://127.0.0.1:${port}`, child)
  const isUp = () =>
    fetch(`${moto.endpoint}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isUp())) {
    if (child.exitCode !== null) throw new Error(`moto ended with status ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return moto
}
