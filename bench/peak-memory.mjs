// Loaded before the command: writes the process's peak resident memory in MiB when it ends. With NO_SYNC set, nothing
// waits for the disk: the figure that compares with tools that do not flush what they write.
import fs from 'node:fs'

if (process.env.NO_SYNC !== undefined) fs.fsync = (_file, done) => setImmediate(done, null)
process.on('exit', () => {
  fs.writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS / 1024))
})
