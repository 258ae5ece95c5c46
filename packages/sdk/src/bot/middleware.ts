/** Does something about an event, and lets those behind it have their turn by calling `next`. */
export type Middleware<Context> = (context: Context, next: () => Promise<void>) => unknown

/** One after another, as far as each calls for the next. */
export function compose<Context>(all: readonly Middleware<Context>[]): Middleware<Context> {
  return (context, next) => {
    let reached = -1
    const run = async (index: number): Promise<void> => {
      if (index <= reached) throw new Error('next() was called twice by the same middleware')
      reached = index
      const middleware = all[index]
      await (middleware ? middleware(context, () => run(index + 1)) : next())
    }
    return run(0)
  }
}
