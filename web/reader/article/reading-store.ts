// In which articles a reader stopped, and where.

import { permanentStorage } from '../../shared/storage.ts'

export type Reading = [id: string, part: number][]

export const loadReading = (): Reading => permanentStorage.get<Reading>('reading') ?? []
export const saveReading = (reading: Reading): void => permanentStorage.set('reading', reading)
/** It is about the reader who signs out. */
export const forgetReading = (): void => permanentStorage.remove('reading')
