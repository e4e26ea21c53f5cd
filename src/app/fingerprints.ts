import type { Db } from '../engines/database/database.ts'
import { createSegmenter } from '../engines/search/analysis/segmenter.ts'
import { operatorWords } from '../engines/search/postgres/words.sql.ts'
import { createFingerprintOf, createWordsOf, type FingerprintOf } from '../features/writing/fingerprint.ts'

/** For imports and the demo, which have no other use for a segmenter. */
export async function openFingerprintOf(db: Db): Promise<FingerprintOf> {
  const segmenter = createSegmenter()
  segmenter.useWords(await operatorWords(db))
  return createFingerprintOf(createWordsOf(segmenter))
}
