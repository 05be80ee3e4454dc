// Given to a process by --import: writes what it took into the file that BENCH_USAGE names, when it ends.
import { writeFileSync } from 'node:fs'

const path = process.env.BENCH_USAGE
if (path !== undefined) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS, fsWrite } = process.resourceUsage()
    const cpuMs = (userCPUTime + systemCPUTime) / 1000
    // Linux counts what is to be written to disk in blocks of 512 bytes.
    writeFileSync(path, JSON.stringify({ cpuMs, peakKb: maxRSS, writtenKb: fsWrite / 2 }))
  })
}
