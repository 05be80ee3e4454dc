/** The report as a file that a web server or a shared folder shows. */
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PublishReportConfig } from '../config/config.js'
import { writeForOthers } from '../durable-file.js'
import { placeId } from '../place-id.js'
import { createFolder, fileError, fileModes, folderModes } from './folder.js'
import type { Publisher } from './publisher.js'

/** Makes the page. */
export type MakeReport = (language: PublishReportConfig['language']) => Promise<string>

export function reportPublisher(
  { path, language, readableBy }: PublishReportConfig,
  makeReport: MakeReport,
): Publisher {
  return {
    kind: 'report',
    place: `the report ${path}`,
    id: placeId('report', [path]),
    // It tells how fresh the data are, which changes without them.
    refreshes: 'always',
    isLost: async () => (await stat(path).catch(() => undefined)) === undefined,
    publish: async () => {
      const html = await makeReport(language)
      try {
        await createFolder(dirname(path), folderModes[readableBy])
        await writeForOthers(path, html, fileModes[readableBy])
      } catch (error) {
        throw fileError(error, path)
      }
      return `${Math.ceil(Buffer.byteLength(html) / 1024)} KB`
    },
    probe: async () => 'is made after gold',
  }
}
