import { describe, expect, it } from 'vitest'
import { attachStatements, understoodOf } from './iceberg.js'

it('what DuckDB says of the way to the storage tells a person what to do', () => {
  const uri = 'https://catalog.example.kz'
  const region =
    'Invalid Configuration Error: No region was provided via the vended credentials, and no region …'
  expect(understoodOf(uri, new Error(region))).toMatchObject({
    code: 'catalog_unusable',
    advice: expect.stringContaining('AWS_REGION'),
  })
  const certificate = 'IO Error: SSL peer certificate or SSH remote key was not OK error for HTTP GET to …'
  expect(understoodOf(uri, new Error(certificate))).toMatchObject({
    code: 'catalog_unreachable',
    advice: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  })
})

describe('the catalog', () => {
  const uri = 'https://catalog.example.kz'
  const options = { uri, warehouse: '', s3: undefined } as const
  const client = { kind: 'oauth2', clientId: 'hub', clientSecret: "a'b", serverUri: undefined } as const
  const secretOf = (scope: string | undefined, seconds: number | undefined) =>
    attachStatements({ ...options, access: { ...client, scope } }, { token: 't', seconds }, 'write')[0]

  it('is attached with what DuckDB needs to get another token, where this one runs out', () => {
    expect(secretOf('catalog', 300)).toBe(
      "create or replace secret hubdwh_catalog (type iceberg, token 't', expires_in 300, client_id 'hub', " +
        "client_secret 'a''b', oauth2_scope 'catalog', oauth2_server_uri 'https://catalog.example.kz/v1/oauth/tokens')",
    )
  })

  it('is attached with the token alone where it does not run out, or DuckDB would ask for another scope', () => {
    const tokenAlone = "create or replace secret hubdwh_catalog (type iceberg, token 't')"
    expect(secretOf('catalog', undefined)).toBe(tokenAlone)
    expect(secretOf(undefined, 300)).toBe(tokenAlone)
  })
})
