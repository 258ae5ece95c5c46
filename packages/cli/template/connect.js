// @ts-check
import { setTimeout } from 'node:timers/promises'
import { ChatError, Client } from '@parley/sdk'
import { NoAnswer } from '@parley/sdk/bot'
import { fileSessionStore } from '@parley/sdk/node'

const sessionStore = fileSessionStore('.state/session.json')
const triesMax = 60
const pauseMs = 2_000

/** A client of the account in .env. Waits two minutes for a network that is not up yet. */
export async function connect() {
  for (let tries = 1; ; tries++) {
    try {
      return await Client.fromEnv(process.env, { sessionStore })
    } catch (error) {
      if (!(error instanceof ChatError && error.retryable) || tries === triesMax) return giveUp(error)
      if (tries === 1) console.error(`${inWords(error)}\nTrying again for two minutes. Ctrl-C ends it.`)
      await setTimeout(error.retryAfterMs ?? pauseMs)
    }
  }
}

/** Ends the program and says why. @param {unknown} error @returns {never} */
export function giveUp(error) {
  console.error(inWords(error))
  if (error instanceof ChatError && error.is('auth/expired'))
    console.error('Start it again: it logs in anew, with the password in .env.')
  if (error instanceof ChatError && error.is('auth/bad-credentials'))
    console.error(
      'The account is in .env. A devnet that was started anew may know it no more: see README.md.',
    )
  process.exit(1)
}

/** What went wrong, and what to do; of a bug, where it is. @param {unknown} error */
export function inWords(error) {
  if (error instanceof ChatError) return error.hint ? `${error.message}\n${error.hint}` : error.message
  if (error instanceof NoAnswer) return error.message
  return error instanceof Error ? error.stack : String(error)
}
