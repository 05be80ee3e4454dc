import { expect, test } from 'vitest'
import { smallerPage } from './smaller-page.js'

test.each([
  ['/leads?limit=250&page=1', '/leads?limit=125&page=1'],
  ['/leads?limit=250&page=3', '/leads?limit=125&page=5'],
  ['/leads?limit=125&page=5', '/leads?limit=25&page=21'],
  ['/leads?limit=250', '/leads?limit=125'],
  ['/leads?limit=5&page=2', undefined],
  ['/leads?page=2', undefined],
  ['/leads?limit=x', undefined],
  ['/leads', undefined],
])('the beginning of %s is %s', (page, smaller) => {
  const base = 'https://example.amocrm.ru'
  const url = smallerPage(new URL(page, base))
  expect(url && url.pathname + url.search).toBe(smaller)
})
