// The sheet for a report, wherever in the app `report` was called.

import { Suspense, useSyncExternalStore } from 'react'
import { lazySheet } from '../../shared/lazy-part.tsx'
import { reported } from './reported.ts'

const ReportSheet = lazySheet(() => import('./report-sheet.tsx'), 'ReportSheet')

export function ReportDialog() {
  const target = useSyncExternalStore(reported.subscribe, reported.get)
  return <Suspense>{target && <ReportSheet target={target} onClose={close} />}</Suspense>
}

const close = () => reported.set(undefined)
