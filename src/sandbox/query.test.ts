import { describe, expect, it } from 'vitest'
import { parseQuery } from './query.js'

describe('a query', () => {
  it('reads brackets plain and percent-encoded alike', () => {
    const plain = parseQuery('filter[updated_at][from]=5')
    const encoded = parseQuery('filter%5Bupdated_at%5D%5Bfrom%5D=5')
    expect(plain.one('filter[updated_at][from]')).toBe('5')
    expect(encoded.one('filter[updated_at][from]')).toBe('5')
  })

  it('gathers one key written in three ways', () => {
    expect(parseQuery('filter[id]=1&filter[id][]=2&filter[id][7]=3').many('filter[id]')).toEqual([
      '1',
      '2',
      '3',
    ])
  })

  it('does not take a longer name for a shorter one', () => {
    expect(parseQuery('filter[id][from]=1').many('filter[id]')).toEqual([])
  })

  it('tells what stands in brackets', () => {
    expect(parseQuery('order[created_at]=asc').inBrackets('order')).toEqual([['created_at', 'asc']])
  })

  it('splits words at commas', () => {
    expect([...parseQuery('with=contacts, loss_reason,,').words('with')]).toEqual(['contacts', 'loss_reason'])
  })

  it('survives a broken percent sequence', () => {
    expect(parseQuery('a=%E0%A4%A&b=%').one('b')).toBe('%')
  })

  it('puts another page into the same query', () => {
    const query = parseQuery('limit=250&page=1&filter[id][]=9')
    expect(decodeURIComponent(query.encodedWith('page', '2'))).toBe('limit=250&page=2&filter[id][]=9')
  })
})
