import { CliError } from '../errors.ts'
import type { World } from '../world.ts'

const dayMs = 24 * 60 * 60 * 1000
const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 60 * 60_000, d: dayMs, w: 7 * dayMs }

/** `10:32` of today, else `2026-11-22 10:32`, in the user's time zone. */
export function timeOf(date: Date, { clock, timeZone }: Pick<World, 'clock' | 'timeZone'>): string {
  const [day, time] = partsOf(date, timeZone)
  const [today] = partsOf(new Date(clock.now()), timeZone)
  return day === today ? time : `${day} ${time}`
}

/** A moment as users write it: `2026-11-01`, `2026-11-01T10:00Z`, or how long ago it is, such as `90m`, `6h`, `3d`, `2w`. */
export function readMoment(text: string, nowMs: number): Date {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return new Date(nowMs - Number(count) * unitsMs[unit]!)
  const date = new Date(text)
  if (/^\d{4}-/.test(text) && !Number.isNaN(date.getTime())) return date
  throw new CliError(
    'usage',
    `"${text}" is no moment`,
    'Write 2026-11-01, 2026-11-01T10:00Z, 90m, 6h, 3d or 2w.',
  )
}

/** Swedes write dates as ISO 8601 does. */
function partsOf(date: Date, timeZone: string | undefined): [day: string, time: string] {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone })
  const [day = '', time = ''] = format.format(date).split(' ')
  return [day, time]
}
