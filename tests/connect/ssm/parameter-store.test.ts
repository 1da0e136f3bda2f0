import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { parameterPath, readParameters } from '../../../src/connect/ssm/parameter-store.ts'

/** A service that answers every request with an error of the real one's form; it ends with the test. */
async function refusing(status: number, type: string): Promise<{ endpoint: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    asked.push(body)
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify({ __type: type, message: 'User: arn:aws:iam::1:user/etl, key AKIDKEY, is not' }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

describe('parameterPath', () => {
  it('is the path of an address, without a slash at its end', () => {
    expect(parameterPath('ssm:///coretelecomms/database/')).toBe('/coretelecomms/database')
    expect(parameterPath('ssm:///a.b_c-d')).toBe('/a.b_c-d')
  })

  it.each(['ssm://coretelecomms/database', 'ssm:///', 'ssm:///a//b', 'ssm:///a?b', 'ssm:/a'])(
    'refuses %s, without repeating it',
    (address) => {
      expect(() => parameterPath(address)).toThrow(/^this address is no path .* with three slashes/)
    },
  )
})

describe('readParameters', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDKEY')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'pa55word')
  })
  afterEach(() => void vi.unstubAllEnvs())

  it.each([
    ['AccessDeniedException', 'allow ssm:GetParameters on the path'],
    ['InvalidKeyId', "enable the parameter's key"],
    ['UnrecognizedClientException', 'the access key is unknown; check AWS_ACCESS_KEY_ID'],
    ['InvalidSignatureException', 'check AWS_SECRET_ACCESS_KEY'],
    ['ExpiredTokenException', 'get new credentials'],
  ])('says what %s means, once asked, and repeats nothing of the answer', async (type, advice) => {
    const { endpoint, asked } = await refusing(400, type)
    const error = await readParameters('/a/b', ['c'], { endpoint }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'permission_denied', isTransient: false })
    expect(String(error)).toContain(`cannot read the parameters of /a/b: `)
    expect(String(error)).toContain(advice)
    expect(JSON.stringify(error) + String(error)).not.toMatch(/AKIDKEY|pa55word|arn:/)
    expect(asked.map((body) => JSON.parse(body))).toEqual([{ Names: ['/a/b/c'], WithDecryption: true }])
  })

  it('tries again while the service is busy, and then says that trying later may help', async () => {
    const { endpoint, asked } = await refusing(500, 'InternalServerError')
    await expect(readParameters('/a', ['b'], { endpoint })).rejects.toMatchObject({
      ...{ code: 'io_failed', isTransient: true },
      message: 'cannot read the parameters of /a: no answer that could be used (InternalServerError); try again later',
    })
    expect(asked).toHaveLength(3)
  })

  it('names what a connection broke of', async () => {
    // port 1 of this machine has no server
    await expect(readParameters('/a', ['b'], { endpoint: 'http://127.0.0.1:1' })).rejects.toThrow('(ECONNREFUSED)')
  })

  it('asks for a region where none is known', async () => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SSM', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere')
    await expect(readParameters('/a', ['b'])).rejects.toMatchObject({
      ...{ code: 'invalid_option', message: expect.stringMatching(/no region is known; set AWS_REGION$/) },
    })
    await expect(readParameters('/a', ['b'], { region: 'eu north' })).rejects.toMatchObject({
      ...{ code: 'invalid_option', message: expect.stringMatching(/one such as eu-north-1$/) },
    })
  })

  it('names the package and its command when it is not installed', async () => {
    const text = "Cannot find package '@aws-sdk/client-ssm' imported from /app/index.js"
    const load = () => Promise.reject(Object.assign(new Error(text), { code: 'ERR_MODULE_NOT_FOUND' }))
    await expect(readParameters('/a', ['b'], { load })).rejects.toMatchObject({
      code: 'package_missing',
      message:
        'the parameter store needs the package @aws-sdk/client-ssm: npm install @aws-sdk/client-ssm (globally, where support-etl is installed so)',
    })
  })
})
