import { storeSuite } from '../../../test/counter-store.ts'

await storeSuite()
