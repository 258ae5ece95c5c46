import { randomInt } from 'node:crypto'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Seven letters and digits, 41 bits, as the official service has them (behaviour.md 7 (23)). */
export function randomJoinCode(): string {
  return Array.from({ length: 7 }, () => letters[randomInt(letters.length)]).join('')
}
