/** The one public entry of this package. */
export { type Config, ConfigError, configDefaults, type PeopleSource, readConfig } from './config.ts'
export type { Rate, RateLimits } from './limits.ts'
export { FirehosePeople } from './people/firehose-people.ts'
export type { Allow, People, Person, Relationship, Shown } from './people/people.ts'
export { viewerState } from './people/viewer-state.ts'
export { createService, type Service } from './service.ts'
