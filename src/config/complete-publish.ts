import type { PublishConfig } from './config.js'
import type { CheckedPlace } from './publish-schema.js'

/**
 * One place; that an item names just one kind, the schema has seen.
 * @param absolute the path that a path in the file means
 */
export function toPlace(
  { superset, metabase, powerbi, webhook, report, file }: CheckedPlace,
  absolute: (path: string) => string,
): readonly PublishConfig[] {
  if (superset) {
    const { url, user, password, provider, token, database } = superset
    const access =
      token === undefined
        ? ({ kind: 'login', user: user ?? '', password: password ?? '', provider } as const)
        : ({ kind: 'token', token } as const)
    return [{ kind: 'superset', url, access, database }]
  }
  if (metabase) {
    return [{ kind: 'metabase', url: metabase.url, apiKey: metabase.api_key, database: metabase.database }]
  }
  if (powerbi) {
    return [
      {
        kind: 'powerbi',
        tenantId: powerbi.tenant_id,
        clientId: powerbi.client_id,
        clientSecret: powerbi.client_secret,
        workspaceId: powerbi.workspace_id,
        datasetId: powerbi.dataset_id,
        waitMinutes: powerbi.wait_minutes,
        loginUrl: powerbi.login_url,
        apiUrl: powerbi.api_url,
      },
    ]
  }
  if (webhook) return [{ kind: 'webhook', url: webhook.url, secret: webhook.secret }]
  if (report) {
    const { language, readable_by } = report
    return [{ kind: 'report', path: absolute(report.path), language, readableBy: readable_by }]
  }
  return file ? [{ kind: 'file', path: absolute(file.path), readableBy: file.readable_by }] : []
}
