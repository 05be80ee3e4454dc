import { type Draw, drawing, Stream } from './draw.js'

/** How many records of each kind there are. Records are known by their ordinals, from 0. */
export interface Scale {
  readonly leads: number
  readonly contacts: number
  readonly companies: number
  readonly tasks: number
}

/** Who belongs to whom, in both directions, computed and not held. */
export interface Relations {
  readonly scale: Scale
  /** The lead's company, or -1. */
  companyOfLead(lead: number): number
  /** The lead's contacts, the main one first; often one, seldom none or two. */
  contactsOfLead(lead: number): readonly number[]
  leadsOfCompany(company: number): readonly number[]
  leadsOfContact(contact: number): readonly number[]
  /** The company of the first of the contact's leads that has one, or -1. */
  companyOfContact(contact: number): number
  contactsOfCompany(company: number): readonly number[]
  leadOfTask(task: number): number
}

/** A shuffling of 0 to size - 1 that can be undone, by multiplication modulo size. */
interface Shuffle {
  there(value: number): number
  back(value: number): number
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

function inverseModulo(value: number, modulus: number): number {
  let [previous, current, previousFactor, factor] = [modulus, value % modulus, 0, 1]
  while (current > 1) {
    const quotient = Math.floor(previous / current)
    ;[previous, current] = [current, previous % current]
    ;[previousFactor, factor] = [factor, previousFactor - quotient * factor]
  }
  return ((factor % modulus) + modulus) % modulus
}

function shuffle(size: number, ratio: number): Shuffle {
  if (size < 3) return { there: value => value, back: value => value }
  let factor = Math.max(1, Math.floor(size * ratio))
  while (greatestCommonDivisor(factor, size) !== 1) factor += 1
  const inverse = inverseModulo(factor, size)
  return { there: value => (value * factor) % size, back: value => (value * inverse) % size }
}

/** Deals leads out to owners, some of whom get many more than others; knows each owner's leads. */
interface Deal {
  ownerOf(lead: number): number
  leadsOf(owner: number): readonly number[]
}

function deal(leads: number, owners: number, ratio: number, skew: number): Deal {
  const order = shuffle(leads, ratio)
  const ownerAt = (place: number) => Math.min(owners - 1, Math.floor(owners * (place / leads) ** skew))
  return {
    ownerOf: lead => ownerAt(order.there(lead)),
    leadsOf: owner => {
      const found: number[] = []
      // Roots are not exact: start a little early and let ownerAt decide.
      let place = Math.max(0, Math.floor(leads * (owner / owners) ** (1 / skew)) - 2)
      for (; place < leads; place += 1) {
        const placeOwner = ownerAt(place)
        if (placeOwner > owner) break
        if (placeOwner === owner) found.push(order.back(place))
      }
      return found.sort((a, b) => a - b)
    },
  }
}

/** Keeps the last answer: a record asks several times who belongs to it. */
function rememberingLast(
  find: (ordinal: number) => readonly number[],
): (ordinal: number) => readonly number[] {
  let last = -1
  let answer: readonly number[] = []
  return ordinal => {
    if (ordinal !== last) {
      answer = find(ordinal)
      last = ordinal
    }
    return answer
  }
}

const Question = { hasCompany: 1, contacts: 2 } as const

/** The relations of a world of some size, the same for one seed. */
export function relations(seed: number, scale: Scale): Relations {
  const draw: Draw = drawing(seed, Stream.relation)
  const byCompany = deal(scale.leads, scale.companies, 0.6180339887, 1.5)
  const byContact = deal(scale.leads, scale.contacts, 0.4142135623, 1.2)
  const hasCompany = (lead: number) => draw(lead, Question.hasCompany) < 0.82
  const contactCount = (lead: number) => {
    const fraction = draw(lead, Question.contacts)
    return fraction < 0.06 ? 0 : fraction < 0.88 || scale.contacts < 2 ? 1 : 2
  }
  const companyOfLead = (lead: number) => (hasCompany(lead) ? byCompany.ownerOf(lead) : -1)
  const leadsOfCompany = rememberingLast(company => byCompany.leadsOf(company).filter(hasCompany))
  const mainLeadsOf = (contact: number) => byContact.leadsOf(contact).filter(lead => contactCount(lead) > 0)
  const companyOfContact = (contact: number) => {
    const lead = mainLeadsOf(contact).find(hasCompany)
    return lead === undefined ? -1 : byCompany.ownerOf(lead)
  }

  return {
    scale,
    companyOfLead,
    leadsOfCompany,
    companyOfContact,
    contactsOfLead: lead => {
      const main = byContact.ownerOf(lead)
      return [main, (main + 1) % scale.contacts].slice(0, contactCount(lead))
    },
    leadsOfContact: rememberingLast(contact => {
      const neighbour = (contact + scale.contacts - 1) % scale.contacts
      const second =
        neighbour === contact ? [] : mainLeadsOf(neighbour).filter(lead => contactCount(lead) === 2)
      return [...mainLeadsOf(contact), ...second].sort((a, b) => a - b)
    }),
    contactsOfCompany: company => [
      ...new Set(
        leadsOfCompany(company)
          .filter(lead => contactCount(lead) > 0)
          .map(lead => byContact.ownerOf(lead))
          .filter(contact => companyOfContact(contact) === company),
      ),
    ],
    leadOfTask: task => Math.min(scale.leads - 1, Math.floor((task * scale.leads) / scale.tasks)),
  }
}
