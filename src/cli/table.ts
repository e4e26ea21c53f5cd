// Lists for people; with --json they are in the result instead.

import { stripVTControlCharacters } from 'node:util'

const CELL_MAX = 90 // two of them fit on a wide screen

export function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows].map(row => row.map(cell => stripVTControlCharacters(cell).replace(/\s+/g, ' ').slice(0, CELL_MAX)))
  const widths = head.map((_, i) => Math.max(...all.map(row => (row[i] as string).length)))
  return all
    .map(
      row =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] as number))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
