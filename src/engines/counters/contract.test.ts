import { countersContract } from './counters.contract.ts'
import { ENGINES } from './engines.fixture.ts'
import { reconcileContract } from './reconcile.contract.ts'

for (const { name, skip, open } of ENGINES) {
  const engine = skip ? undefined : open()
  countersContract(name, skip, engine)
  reconcileContract(name, skip, engine)
}
