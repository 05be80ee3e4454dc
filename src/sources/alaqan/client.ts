import { type AnswerBody, bodyChunks } from '../../answer-body.js'
import type { Day } from '../../calendar.js'
import { baseUrl } from '../http/addresses.js'
import { createHttpClient, type HttpOptions } from '../http/http-client.js'
import type { HttpAnswer } from '../http/http-request.js'
import { dataMembers } from './data-members.js'
import { type DaySurvey, surveyDay } from './survey-day.js'

/** Where Alaqan is and as whom we ask it (config, `alaqan`). */
export interface AlaqanAccess {
  /** `https://api.hub.alaqan.kz/api/astanahub/`, with or without the last slash. */
  readonly baseUrl: string
  /** A secret; it goes into the header `X-Api-Key` and nowhere else. */
  readonly apiKey: string
}

/** A day's answer, and what it holds in all. */
export interface DayAnswer {
  readonly answer: HttpAnswer
  /** Of what is kept of it. */
  readonly survey: DaySurvey
  /** Records that were erased people's and do not stand in the answer; 0 where absent. */
  readonly erased?: number
}

/**
 * Alaqan's two endpoints (spec 1.2). What comes back is whole and has `data`: an object, or an empty list. It is not
 * parsed: a day can be far larger than usual.
 */
export interface AlaqanClient {
  /**
   * All visits of a day; the keys are ИИН.
   * @param digestKey keys the survey's digest
   */
  byDate(date: Day, signal?: AbortSignal, digestKey?: string): Promise<DayAnswer>
  /** One person's visits from one day to another, both included; the keys are dates. */
  byIin(query: PersonQuery, signal?: AbortSignal): Promise<HttpAnswer>
}

export interface PersonQuery {
  /** Twelve digits. Personal data: it is masked wherever the request is shown. */
  readonly iin: string
  readonly from: Day
  readonly to: Day
}

/** @throws as {@link HttpClient.send} does; AuthorizationError names `alaqan.api_key` */
export function createAlaqanClient(access: AlaqanAccess, options: HttpOptions): AlaqanClient {
  const base = baseUrl(access.baseUrl)
  const http = createHttpClient(
    {
      source: 'Alaqan',
      credential: 'alaqan.api_key',
      credentialAdvice:
        'Put a valid key into ALAQAN_API_KEY (environment or .env), then run "hubdwh check"; Alaqan gives out keys.',
      authorize: async () => ({ 'x-api-key': access.apiKey }),
    },
    options,
  )
  const get = (
    path: string,
    query: Record<string, string>,
    examine: (body: AnswerBody) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<HttpAnswer> => {
    const url = new URL(path, base)
    url.search = new URLSearchParams(query).toString()
    return http.send({ url, examine, ...(signal ? { signal } : {}) })
  }
  return {
    byDate: async (date, signal, digestKey) => {
      const found: { survey?: DaySurvey } = {}
      const examine = async (body: AnswerBody): Promise<void> => {
        found.survey = await surveyDay(body, digestKey)
      }
      const answer = await get('employees/byDate', { date }, examine, signal)
      if (!found.survey) throw new Error('an answer that nobody has looked at')
      return { answer, survey: found.survey }
    },
    byIin: ({ iin, from, to }, signal) =>
      get('employees/byIin', { start_date: from, end_date: to, iin }, readToTheEnd, signal),
  }
}

async function readToTheEnd(body: AnswerBody): Promise<void> {
  for await (const _ of dataMembers(bodyChunks(body)));
}
