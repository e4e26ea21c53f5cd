// What the rest of the product may use of the demo.

export { clearDemo } from './clear.ts'
export type { DemoRowCounts } from './counts.ts'
export { ACCOUNT_MOBILE } from './people.ts'
export { isDemoPresent, seedDemo } from './seed.ts'
