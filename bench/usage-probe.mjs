// Given to a process by --import: writes what it took into the file that BENCH_USAGE names, when it ends.
import { writeFileSync } from 'node:fs'

const path = process.env.BENCH_USAGE
if (path !== undefined) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    writeFileSync(path, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakKb: maxRSS }))
  })
}
