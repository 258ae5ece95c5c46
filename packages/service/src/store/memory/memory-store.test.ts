import { describe } from 'node:test'
import { storeContract } from '../contract/store-contract.ts'
import { memoryStore } from './memory-store.ts'

describe('the memory store', () => storeContract(memoryStore))
