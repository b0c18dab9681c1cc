/** What Linux says of a process: CPU from /proc/PID/stat, memory from /proc/PID/status. */
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import net from 'node:net'

/** milliseconds of one clock tick, the unit of utime and stime. */
const tickMs = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** milliseconds of CPU, user and system, all threads. */
export function cpuMs(processId: number): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
  // The name may hold spaces and parentheses; what follows its last parenthesis begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** MiB resident. */
function residentMiB(processId: number): number {
  const [, kib = 'NaN'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8')) ?? []
  return Number(kib) / 1024
}

/** The most that was resident while `work` ran, MiB. */
export async function peakResidentMiB(processId: number, work: () => Promise<unknown>): Promise<number> {
  let peak = residentMiB(processId)
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMiB(processId))
  }, 20)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return Math.max(peak, residentMiB(processId))
}

/** Resident memory when it has come to rest: the least of what is seen until `ms` have passed. */
export async function settledMiB(processId: number, ms: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (const until = performance.now() + ms; performance.now() < until; await pause(250))
    least = Math.min(least, residentMiB(processId))
  return least
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

export interface Started {
  readonly processId: number
  stop(): Promise<void>
}

/** A child that is killed when it is stopped, or when we end. What it says goes into a file, so that nobody waits for us to read it. */
export async function startProcess(
  file: string,
  args: readonly string[],
  { log, ...options }: { readonly log: string; readonly uid?: number; readonly gid?: number },
  port: number,
): Promise<Started> {
  const output = openSync(log, 'w')
  const child = spawn(file, args, { ...options, stdio: ['ignore', output, output] })
  closeSync(output)
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()).once('error', () => resolve()))
  const killAtExit = () => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const stop = async () => {
    process.off('exit', killAtExit)
    killAtExit()
    await gone
  }
  for (const until = performance.now() + 30_000; !(await accepts(port)); await pause(25)) {
    if (child.exitCode === null && performance.now() < until) continue
    await stop()
    throw new Error(`${file} did not start: ${readFileSync(log, 'utf8').slice(-10_000)}`)
  }
  return { processId: child.pid ?? 0, stop }
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
