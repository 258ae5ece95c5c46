/** A row of the account's log, of any type: where it stands. What it tells is read by others. */
export interface LogRow {
  $type?: string | undefined
  rev?: string
}
