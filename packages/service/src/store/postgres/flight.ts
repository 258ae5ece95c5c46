import type { SqlValue } from '../sql/sql.ts'
import { type Literal, literalOf } from './literals.ts'

/** The rows of a statement, there once its flight has landed. */
export interface Answer<Row> {
  rows: Row[]
}

export interface Statement {
  text: string
  values: readonly Literal[]
  answer: Answer<unknown>
}

/**
 * Statements that go to the database in one round trip. Their values are put into words here, before anything is sent: one
 * that has none leaves nothing half sent.
 */
export class Flight {
  readonly statements: Statement[] = []

  ask<Row>(text: string, ...values: SqlValue[]): Answer<Row> {
    const answer: Answer<Row> = { rows: [] }
    this.statements.push({ text, values: values.map(literalOf), answer })
    return answer
  }

  /** Only where any of these lists has something in it. */
  askAbout<Row>(text: string, ...values: SqlValue[]): Answer<Row> {
    const isAboutNothing = values.every(value => Array.isArray(value) && value.length === 0)
    return isAboutNothing ? { rows: [] } : this.ask<Row>(text, ...values)
  }
}
