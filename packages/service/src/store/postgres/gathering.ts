import { AppError } from '../../errors.ts'
import { questionsWaitingMax } from '../../limits.ts'

interface Waiting<Question, Answer> {
  question: Question
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/**
 * Asks together what is asked while the answer before is under way: alone, a question waits for nobody; under load,
 * many share one round trip.
 */
export class Gathering<Question, Answer> {
  readonly #ask: (questions: Question[]) => Promise<readonly Answer[]>
  readonly #max: number
  readonly #waiting: Waiting<Question, Answer>[] = []
  #isUnderWay = false

  /** `ask` gives an answer to each question, in their order; `max` questions at a time. */
  constructor(max: number, ask: (questions: Question[]) => Promise<readonly Answer[]>) {
    this.#max = max
    this.#ask = ask
  }

  ask(question: Question): Promise<Answer> {
    if (this.#waiting.length >= questionsWaitingMax) {
      return Promise.reject(
        new AppError('ServiceUnavailable', 'Too many questions wait for the database; try again soon'),
      )
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      if (!this.#isUnderWay) void this.#askAll()
    })
  }

  async #askAll(): Promise<void> {
    this.#isUnderWay = true
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0, this.#max)
      try {
        const answers = await this.#ask(asked.map(({ question }) => question))
        for (const [i, { resolve }] of asked.entries()) resolve(answers[i]!)
      } catch (error) {
        for (const { reject } of asked) reject(error)
      }
    }
    this.#isUnderWay = false
  }
}
