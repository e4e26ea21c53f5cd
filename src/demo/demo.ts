// The demo's exports for the rest of the product.

export { clearDemo } from './clear.ts'
export type { DemoRowCounts } from './counts.ts'
export { ACCOUNT_MOBILE } from './people.ts'
export { isDemoPresent, seedDemo } from './seed.ts'
