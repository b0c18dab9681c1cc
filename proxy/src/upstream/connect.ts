/** The second door: a session of the mapped role on the database. */
import { settings } from '../settings.ts'
import { encodeCancelRequest } from '../wire/startup.ts'
import { UpstreamUnavailable } from './errors.ts'
import { Exchange } from './exchange.ts'
import { logIn } from './log-in.ts'
import { openSocket } from './open-socket.ts'
import type { ConnectOptions, Upstream, UpstreamLogin, UpstreamTarget } from './target.ts'

/**
 * Connects and logs in. The socket comes paused and without listeners: attach yours before the next turn of the event
 * loop. Rejects with UpstreamRefused or UpstreamUnavailable, and leaves no socket behind then.
 */
export async function connectUpstream(
  target: UpstreamTarget,
  login: UpstreamLogin,
  options: ConnectOptions,
): Promise<Upstream> {
  return within(options.timeoutMs, async signal => {
    const { socket, channel, reads } = await openSocket(target, signal)
    const exchange = new Exchange(socket, settings.maxLoginAnswerBytes, 'ReadyForQuery')
    const abort = () => exchange.fail(signal.reason)
    signal.addEventListener('abort', abort)
    try {
      const loggedIn = await logIn(exchange, login, channel, options.scramKeys)
      return { ...loggedIn, socket, rest: exchange.release(), ...(reads === undefined ? {} : { reads }) }
    } catch (error) {
      socket.destroy()
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
  })
}

/** Asks the server to cancel what that session runs. Resolves when the server has taken note: it says so by closing. */
export async function sendCancel(
  target: UpstreamTarget,
  processId: number,
  secretKey: Buffer,
  timeoutMs: number,
): Promise<void> {
  await within(timeoutMs, async signal => {
    const { socket } = await openSocket(target, signal)
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        socket.destroy()
        reject(signal.reason)
      }
      signal.addEventListener('abort', abort)
      // A reset is as good an end as any: the request was read before.
      socket.on('error', () => undefined).once('close', resolve)
      socket.resume().end(encodeCancelRequest(processId, secretKey))
    })
  })
}

/** One deadline for all steps, those too that cannot be aborted; the signal's reason is the error to give. */
async function within<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const late = new UpstreamUnavailable('timeout', `the database gave no session within ${timeoutMs} ms`)
  const timer = setTimeout(() => controller.abort(late), timeoutMs)
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(late)))
  try {
    return await Promise.race([work(signal), aborted])
  } finally {
    clearTimeout(timer)
  }
}
