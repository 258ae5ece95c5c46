import { CliError } from '../errors.ts'
import type { World } from '../world.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const unitsMs: Readonly<Record<string, number>> = { m: minuteMs, h: 60 * minuteMs, d: dayMs, w: 7 * dayMs }

/** `10:32` of today, else `2026-11-22 10:32`, in the user's time zone. */
export function timeOf(date: Date, { clock, timeZone }: Pick<World, 'clock' | 'timeZone'>): string {
  const [day, time] = partsOf(date, timeZone)
  const [today] = partsOf(new Date(clock.now()), timeZone)
  return day === today ? time : `${day} ${time}`
}

/**
 * A moment as users write it: `2026-11-01` and `2026-11-01T10:00` in their time zone, `2026-11-01T10:00Z`, or how long ago
 * it is, such as `90m`, `6h`, `3d`, `2w`. Throws CliError `usage`.
 */
export function readMoment(text: string, { clock, timeZone }: Pick<World, 'clock' | 'timeZone'>): Date {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return new Date(clock.now() - Number(count) * unitsMs[unit]!)
  const [, day, time = 'T00:00'] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d)?)?$/.exec(text) ?? []
  const date = day === undefined ? new Date(text) : onClocksOf(timeZone, new Date(`${day}${time}Z`))
  if (/^\d{4}-/.test(text) && !Number.isNaN(date.getTime())) return date
  throw new CliError(
    'usage',
    `"${text}" is no moment`,
    'Write 2026-11-01, 2026-11-01T10:00Z, 90m, 6h, 3d or 2w.',
  )
}

/** When clocks in a time zone show what those of UTC show at `shown`. */
function onClocksOf(timeZone: string | undefined, shown: Date): Date {
  if (Number.isNaN(shown.getTime())) return shown
  const aheadMs = (date: Date) => {
    const [day, time] = partsOf(date, timeZone)
    return Date.parse(`${day}T${time}Z`) - Math.floor(date.getTime() / minuteMs) * minuteMs
  }
  // Twice: the first may lie on the other side of a change of the clocks.
  const near = new Date(shown.getTime() - aheadMs(shown))
  return new Date(shown.getTime() - aheadMs(near))
}

/** Swedes write dates as ISO 8601 does. */
function partsOf(date: Date, timeZone: string | undefined): [day: string, time: string] {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone })
  const [day = '', time = ''] = format.format(date).split(' ')
  return [day, time]
}
