/** An Iceberg REST catalog for tests: Iceberg's own, with its tables in a folder. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fetchRestCatalog } from './fetch.mjs'
import { findJava } from './java.mjs'
import { freePort, startServer } from './server-process.mjs'

/**
 * Starts the catalog. It asks nobody who they are, and listens on every interface: it is for invented people only.
 * @param {object} options
 * @param {string} options.folder absolute; gets the tables, the catalog and the log, and can be started from again
 * @param {number} [options.usualPort] taken where it is free
 * @returns {Promise<{ uri: string, stop: () => Promise<void> }>}
 */
export async function startRestCatalog({ folder, usualPort }) {
  const [java, jars, port] = await Promise.all([findJava(), fetchRestCatalog(), freePort(usualPort)])
  await mkdir(join(folder, 'tables'), { recursive: true })
  const uri = `http://127.0.0.1:${port}`
  const { stop } = await startServer({
    name: 'The Iceberg REST catalog',
    command: [
      java,
      '-Xmx512m',
      '-XX:+UseSerialGC',
      // It lives for minutes: what the second compiler makes of it costs more than it saves.
      '-XX:TieredStopAtLevel=1',
      `-Djava.io.tmpdir=${folder}`,
      '-cp',
      jars,
      'org.apache.iceberg.rest.RESTCatalogServer',
    ],
    log: join(folder, 'rest-catalog.log'),
    folder,
    // The server reads CATALOG_x_y as its property x.y.
    env: {
      CATALOG_REST_PORT: String(port),
      CATALOG_URI: `jdbc:sqlite:${join(folder, 'catalog.sqlite')}`,
      // SQLite has one writer at a time.
      CATALOG_CLIENTS: '1',
      CATALOG_WAREHOUSE: pathToFileURL(join(folder, 'tables')).href,
    },
    answers: () =>
      fetch(`${uri}/v1/config`).then(
        response => response.ok,
        () => false,
      ),
  })
  return { uri, stop }
}
