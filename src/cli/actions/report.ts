/** What `report` does: it reads gold and meta, and writes one file or shows it. */
import { resolve } from 'node:path'
import { writeDurably } from '../../durable-file.js'
import { reportHtml } from '../../report/report.js'
import { serveReportOn } from '../../report/serve.js'
import type { ReportActions } from '../commands/report.js'
import { describeFailure } from '../failure.js'
import { requireWritablePlace } from '../writable-place.js'

/** `hubdwh report` */
export const writeReport: ReportActions['writeReport'] = async (context, { out, language }) => {
  const { io, results, redact } = context
  const path = resolve(io.cwd, out)
  await requireWritablePlace(path, {
    content: 'the report',
    advice: 'Name a file in a folder that is there, with --out.',
  })
  const html = await reportHtml(context, { language })
  // Names of managers and companies stand in it: whom it is given to is for a person to say.
  await writeDurably(path, html)
  const bytes = Buffer.byteLength(html)
  results.print(redact(`The report is ${path} (${Math.ceil(bytes / 1024)} KB). Open it in a browser.\n`))
  return { json: { path, bytes, language } }
}

/** `hubdwh report --serve` */
export const serveReport: ReportActions['serveReport'] = async (context, { port, language, isJson }) => {
  const { io, results, reporter, redact, signal } = context
  const server = await serveReportOn(port, {
    page: () => reportHtml(context, { language }),
    // Whoever sits at the browser reads what the terminal would say.
    failure: error => describeFailure(error, { verbose: false, redact }).text,
  })
  try {
    const url = `${server.origin}/`
    results.print(`The report is at ${url} and is made anew at every reload.\n`)
    if (isJson) io.stdout.write(`${JSON.stringify({ ok: true, url, language, exit_code: 0 })}\n`)
    reporter.info('It is shown until Ctrl-C, to this machine alone.')
    if (!signal.aborted) await new Promise(done => signal.addEventListener('abort', done, { once: true }))
  } finally {
    await server.close()
  }
  return { isTold: true }
}
