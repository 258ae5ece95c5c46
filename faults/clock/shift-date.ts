/**
 * Preloaded into the service by `--import`: its clock is ahead of the real one by what the file named by FAULTS_CLOCK
 * says, in milliseconds, read at the start and at every SIGUSR2.
 */
import { readFileSync } from 'node:fs'

const path = process.env.FAULTS_CLOCK!
const realNow = Date.now
let shiftMs = read()

Date.now = () => realNow() + shiftMs
process.on('SIGUSR2', () => {
  shiftMs = read()
})

function read(): number {
  return Number(readFileSync(path, 'utf8'))
}
