import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choiceIn, hashOf } from '../../src/report/filters.js'
import { languages } from '../../src/report/language.js'
import { knownMonths } from '../../src/report/totals.js'
import { january, smallReport } from './invented-report.js'

const known = knownMonths(smallReport)
const usual = { language: 'ru', ...known, pipeline: undefined, manager: undefined }

describe('the address of the page', () => {
  it('says nothing where everything is as usual', () => {
    expect(choiceIn('', smallReport)).toEqual(usual)
    expect(hashOf(choiceIn('', smallReport), smallReport)).toBe('')
  })

  it('names months, and a pipeline and a manager by their numbers in amoCRM', () => {
    const choice = choiceIn('#lang=kk&from=2024-12&to=2024-12&pipeline=9&manager=200', smallReport)
    expect(choice).toEqual({ language: 'kk', from: january - 1, to: january - 1, pipeline: 1, manager: 1 })
    expect(hashOf(choice, smallReport)).toBe('#lang=kk&from=2024-12&to=2024-12&pipeline=9&manager=200')
  })

  it.each([
    '#from=2025-01&to=2024-12',
    '#from=2024-13&to=2024-12',
    '#from=1999-01&to=1999-12',
    '#from=2024-12',
    '#pipeline=8&manager=1e2',
    '#lang=de',
    '#%',
    '#<script>',
  ])('that asks for what is not there is as usual: %s', hash => {
    expect(choiceIn(hash, smallReport)).toEqual(usual)
  })

  it('of a longer period shows what of it is known', () => {
    expect(choiceIn('#from=2020-01&to=2030-12', smallReport)).toMatchObject(known)
  })

  it('leads back to the same choice', () => {
    const month = fc.integer({ min: known.from, max: known.to })
    const place = fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined })
    fc.assert(
      fc.property(
        month,
        month,
        place,
        place,
        fc.constantFrom(...languages),
        (one, other, pipeline, manager, language) => {
          const choice = { language, from: Math.min(one, other), to: Math.max(one, other), pipeline, manager }
          expect(choiceIn(hashOf(choice, smallReport), smallReport)).toEqual(choice)
        },
      ),
    )
  })
})
