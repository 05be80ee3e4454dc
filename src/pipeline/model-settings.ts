/** What of the configuration shapes the models, and the functions that they call. */
import type { Config, CustomField } from '../config/config.js'
import { type Model, modelFolder, readModels } from '../models/definition.js'
import { type ModelFunctions, readFunctions } from '../models/functions.js'
import type { ModelSettings } from '../models/settings.js'
import type { Engine } from '../warehouse/engine.js'

/** All models, with the columns that the configuration gives them; see {@link readModels}. */
export function configuredModels({ arm }: Config): Promise<readonly Model[]> {
  return readModels(
    modelFolder,
    (arm.serviceReport?.measures ?? []).map(({ column }) => column),
  )
}

/** The functions that models call, as the configuration shapes them, in an engine's words. */
export function modelFunctions(config: Config, engine: Pick<Engine, 'name'>): Promise<ModelFunctions> {
  return readFunctions(modelFolder, engine.name, modelSettings(config))
}

/** What of the configuration shapes the models. */
export function modelSettings({ timezone, privacy, amocrm, arm }: Config): ModelSettings {
  const fields = (names: readonly CustomField[] | undefined) => (names ?? []).map(String)
  const mapping = amocrm?.customFields
  return {
    timezone,
    masks: { iin: privacy.iin, phone: privacy.phone, email: privacy.email },
    maskingKey: privacy.key,
    customFields: {
      bin: fields(mapping?.bin),
      source: fields(mapping?.source),
      industry: fields(mapping?.industry),
      phone: fields(mapping?.phone),
      email: fields(mapping?.email),
    },
    eventsFrom: amocrm?.events.from ?? '1970-01-01',
    measures: arm.serviceReport?.measures ?? [],
    residentStatuses: arm.serviceReport?.resident ?? [],
  }
}
