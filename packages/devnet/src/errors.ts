/** Why a devnet cannot start, said to the person who started it, with what to do next. */
export abstract class DevnetError extends Error {}

/** A chosen port belongs to another program. */
export class PortTakenError extends DevnetError {
  override readonly name = 'PortTakenError'
  readonly port: number

  constructor(member: string, port: number) {
    super(`Port ${port}, meant for ${member}, is taken. Stop what listens there or choose another port.`)
    this.port = port
  }
}

/** Another devnet is running on the same data folder. */
export class FolderInUseError extends DevnetError {
  override readonly name = 'FolderInUseError'

  constructor(options?: ErrorOptions) {
    super('Another devnet is running on this data folder. Stop it or choose another folder.', options)
  }
}

/** A kept folder holds a seeded account but not its app passwords: a first start was cut short. */
export class HalfSeededError extends DevnetError {
  override readonly name = 'HalfSeededError'

  constructor(handle: string, options?: ErrorOptions) {
    super(
      `${handle} is in this data folder without its app passwords. Delete the folder or choose another.`,
      options,
    )
  }
}

/** The index did not catch up with the PDS's firehose. */
export class IndexBehindError extends DevnetError {
  override readonly name = 'IndexBehindError'

  constructor() {
    super('The chat service has not heard of the seeded accounts from the PDS in time. Start again.')
  }
}
