// `npm run tables`: writes the row types of a freshly migrated database.

import { writeFile } from 'node:fs/promises'
import { freshTables, TABLES_FILE } from './fresh-tables.ts'

await writeFile(TABLES_FILE, await freshTables())
