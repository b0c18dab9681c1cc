/** Why a token is no identity. The texts name what to do next, and nothing of the token but what its sender may know. */
import type { Reason } from '../policy/reason.ts'

/** A step of the verification: what it found wrong, or nothing. */
export type Refusal = Reason | undefined

export const tokenMissing: Reason = {
  code: 'TokenMissing',
  text: 'no token: the password is empty',
  hint: 'send an identity token of your provider as the password',
}

/** `problem` is one word for DETAIL and metrics. */
export function tokenInvalid(problem: string, text: string, hint?: string): Reason {
  return { code: 'TokenInvalid', text, about: { problem }, ...(hint === undefined ? {} : { hint }) }
}

export function tokenExpired(secondsAgo: number): Reason {
  return {
    code: 'TokenExpired',
    text: `token expired ${Math.max(1, Math.ceil(secondsAgo))} s ago`,
    hint: 'get a new token and connect again',
    about: { problem: 'expired' },
  }
}
