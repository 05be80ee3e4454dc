/**
 * A part of the program as it was built. Its types are those of its source: name them where it is used.
 * @param {string} path below `dist`
 * @returns {Promise<any>}
 */
export function built(path) {
  return import(new URL(`../dist/${path}`, import.meta.url).href)
}
