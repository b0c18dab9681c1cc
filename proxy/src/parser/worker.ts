/** The parser in a thread of its own, for long statements. It ends at the first exception: the caller starts another. */
import { parentPort } from 'node:worker_threads'
import { Instance } from './instance.ts'
import { type Job, perform } from './work.ts'

const instance = await Instance.create()
parentPort?.on('message', (job: Job) => parentPort?.postMessage(perform(job, instance)))
parentPort?.postMessage('ready')
