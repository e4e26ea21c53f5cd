import type { Row } from './measure/scoreboard.ts'

export interface Evaluation {
  /** as docs/evaluation.md names it; `-dev` if the files that are kept for judging are not there. */
  protocol: string
  rows: Record<string, Row>
  /** What fitting and ranking cost. */
  cost?: Record<string, number>
}

export type Progress = (done: number, total: number) => void
