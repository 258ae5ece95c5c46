/** What several works of a batch changed is written once: the last row of each key, where the first one stood. */
export function lastOfEach<Row>(rows: readonly Row[], keyOf: (row: Row) => string | number): Row[] {
  return rows.length < 2 ? [...rows] : [...new Map(rows.map(row => [keyOf(row), row])).values()]
}
