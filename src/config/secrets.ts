/** The keys whose values are secrets: accepted only as `${NAME}`, and never shown. */
const secretPaths: readonly string[] = [
  'alaqan.api_key',
  'amocrm.auth.token',
  'amocrm.auth.client_secret',
  'warehouse.iceberg.token',
  'warehouse.iceberg.oauth2.client_secret',
  'warehouse.iceberg.s3.secret_access_key',
  'warehouse.spark.auth.password',
  'warehouse.spark.s3.secret_access_key',
  'privacy.key',
  'privacy.erasure_key',
  'publish[].superset.password',
  'publish[].superset.token',
  'publish[].metabase.api_key',
  'publish[].powerbi.client_secret',
  'publish[].webhook.secret',
  'notify[].telegram.token',
  'notify[].email.password',
  'notify[].webhook.secret',
]

/** The keys whose values can hold a secret, as addresses with a token in their path: what comes from a variable is one. */
const possibleSecretPaths: readonly string[] = ['notify[].webhook.url', 'publish[].webhook.url']

/** Whether the value of a key is a secret. @param path as pathText writes it */
export function isSecretPath(path: string): boolean {
  return secretPaths.includes(withoutPositions(path))
}

/** Whether the value of a key may be, or hold, a secret. */
export function mayHoldSecret(path: string): boolean {
  return possibleSecretPaths.includes(withoutPositions(path))
}

/** `notify[2].email` as `notify[].email`: what is true of one item is true of each. */
export function withoutPositions(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '[]')
}

/** The variable that the template uses for a secret. */
export function usualVariable(path: string): string {
  switch (withoutPositions(path)) {
    case 'alaqan.api_key':
      return 'ALAQAN_API_KEY'
    case 'amocrm.auth.token':
      return 'AMOCRM_TOKEN'
    case 'amocrm.auth.client_secret':
      return 'AMOCRM_CLIENT_SECRET'
    case 'warehouse.iceberg.token':
      return 'ICEBERG_TOKEN'
    case 'warehouse.iceberg.oauth2.client_secret':
      return 'ICEBERG_CLIENT_SECRET'
    case 'warehouse.spark.auth.password':
      return 'SPARK_PASSWORD'
    case 'warehouse.iceberg.s3.secret_access_key':
    case 'warehouse.spark.s3.secret_access_key':
      return 'S3_SECRET_ACCESS_KEY'
    case 'privacy.erasure_key':
      return 'HUBDWH_ERASURE_KEY'
    case 'publish[].superset.password':
      return 'SUPERSET_PASSWORD'
    case 'publish[].superset.token':
      return 'SUPERSET_TOKEN'
    case 'publish[].metabase.api_key':
      return 'METABASE_API_KEY'
    case 'publish[].powerbi.client_secret':
      return 'POWERBI_CLIENT_SECRET'
    case 'publish[].webhook.secret':
      return 'HUBDWH_PUBLISH_SECRET'
    case 'publish[].webhook.url':
      return 'HUBDWH_PUBLISH_URL'
    case 'notify[].telegram.token':
      return 'TELEGRAM_BOT_TOKEN'
    case 'notify[].email.password':
      return 'SMTP_PASSWORD'
    case 'notify[].webhook.secret':
      return 'HUBDWH_WEBHOOK_SECRET'
    case 'notify[].webhook.url':
      return 'HUBDWH_WEBHOOK_URL'
    default:
      return 'HUBDWH_PRIVACY_KEY'
  }
}
