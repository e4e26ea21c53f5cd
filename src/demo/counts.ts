/** How many rows seeding added, or clearing removed. */
export interface DemoRowCounts {
  /** By table. */
  rows: Record<string, number>
  /** Rows that clearing left, because real rows depend on them. They are no longer part of the demo. */
  kept: { readers: number; channels: number }
}

export const emptyCounts = (): DemoRowCounts => ({ rows: {}, kept: { readers: 0, channels: 0 } })

export function addRows(counts: DemoRowCounts, table: string, count: number): void {
  if (count > 0) counts.rows[table] = (counts.rows[table] ?? 0) + count
}
