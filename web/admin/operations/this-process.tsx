import type { Caches } from '../api/types.ts'
import { operationsWords as words } from './operations-words.ts'

/** Says whose figures these are. */
export const ThisProcess = ({ process: { pid, roles } }: { process: Caches['process'] }) => (
  <p className="about">{words.thisProcess(pid, roles.join(', '))}</p>
)
