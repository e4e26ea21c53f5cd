/** What seeding added, or clearing took away. */
export interface DemoRowCounts {
  /** Rows by table. */
  rows: Record<string, number>
  /** What clearing left because something real depends on it; it is no part of the demo any more. */
  kept: { readers: number; channels: number }
}

export const emptyCounts = (): DemoRowCounts => ({ rows: {}, kept: { readers: 0, channels: 0 } })

export function addRows(counts: DemoRowCounts, table: string, rows: number): void {
  if (rows > 0) counts.rows[table] = (counts.rows[table] ?? 0) + rows
}
