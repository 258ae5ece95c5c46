/** The service, which those who only use the SDK have not installed. */
export const { createInMemoryService, makeAccountKey } = await import('@parley/service/in-memory').catch(
  cause => {
    throw new Error(
      `@parley/sdk/testing runs the chat service itself, which needs Node 24 (this is ${process.version}) ` +
        'and the package @parley/service. Until that is published, it runs inside the repository of Parley only.',
      { cause },
    )
  },
)
