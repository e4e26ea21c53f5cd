// Libraries that a process may never need, or only in the background, are loaded when they are first used: each costs a start some
// hundredths of a second.

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Node keeps what is loaded. `Module` is `typeof import('name')`. */
export const loadLate = <Module>(name: string): Module => require(name) as Module
