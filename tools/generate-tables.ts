// `npm run tables`: writes src/engines/database/tables.gen.ts.

import { writeFile } from 'node:fs/promises'
import { freshTables, TABLES_FILE } from './fresh-tables.ts'

await writeFile(TABLES_FILE, await freshTables())
