// What the rest of the product may use of the demo.

export { clearDemo } from './clear.ts'
export type { DemoCounts } from './counts.ts'
export { ACCOUNT_MOBILE } from './people.ts'
export { demoPresent, seedDemo } from './seed.ts'
