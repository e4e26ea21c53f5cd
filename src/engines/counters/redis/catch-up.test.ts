import { catchUpContract } from './catch-up.contract.ts'

await catchUpContract()
