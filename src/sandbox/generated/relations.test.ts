import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { relations } from './relations.js'

const scale = fc.record({
  leads: fc.integer({ min: 1, max: 300 }),
  contacts: fc.integer({ min: 1, max: 300 }),
  companies: fc.integer({ min: 1, max: 100 }),
  tasks: fc.integer({ min: 1, max: 400 }),
})
const upTo = (count: number) => Array.from({ length: count }, (_, ordinal) => ordinal)

describe('relations', () => {
  it('of leads and companies are the same from both sides', () => {
    fc.assert(
      fc.property(fc.integer(), scale, (seed, size) => {
        const related = relations(seed, size)
        for (const company of upTo(size.companies)) {
          const own = upTo(size.leads).filter(lead => related.companyOfLead(lead) === company)
          expect(related.leadsOfCompany(company)).toEqual(own)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('of leads and contacts are the same from both sides', () => {
    fc.assert(
      fc.property(fc.integer(), scale, (seed, size) => {
        const related = relations(seed, size)
        for (const contact of upTo(size.contacts)) {
          const own = upTo(size.leads).filter(lead => related.contactsOfLead(lead).includes(contact))
          expect(related.leadsOfContact(contact)).toEqual(own)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('of contacts and companies are the same from both sides', () => {
    const related = relations(3, { leads: 300, contacts: 200, companies: 60, tasks: 1 })
    for (const company of upTo(60)) {
      const own = upTo(200).filter(contact => related.companyOfContact(contact) === company)
      expect(related.contactsOfCompany(company).toSorted((a, b) => a - b)).toEqual(own)
    }
  })

  it('give some companies many leads and most few', () => {
    const related = relations(1, { leads: 3000, contacts: 2000, companies: 1000, tasks: 1 })
    const counts = upTo(1000).map(company => related.leadsOfCompany(company).length)
    expect(Math.max(...counts)).toBeGreaterThan(10)
    expect(counts.filter(count => count <= 3).length).toBeGreaterThan(600)
  })
})
