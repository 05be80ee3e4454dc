/** The keys whose values are secrets: accepted only as `${NAME}`, and never shown. */
export const secretPaths: readonly string[] = [
  'alaqan.api_key',
  'amocrm.auth.token',
  'amocrm.auth.client_secret',
  'privacy.key',
]

/** The variable that the template uses for a secret. */
export function usualVariable(path: string): string {
  switch (path) {
    case 'alaqan.api_key':
      return 'ALAQAN_API_KEY'
    case 'amocrm.auth.token':
      return 'AMOCRM_TOKEN'
    case 'amocrm.auth.client_secret':
      return 'AMOCRM_CLIENT_SECRET'
    default:
      return 'HUBDWH_PRIVACY_KEY'
  }
}
