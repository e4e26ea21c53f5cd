// A table; on a phone each row becomes a block with the names of the columns beside the values. The roles are written out because a
// browser forgets them when a table is not laid out as one.

import type { ReactNode } from 'react'
import { words } from '../words.ts'

export interface Column<Item> {
  name: string
  cell: (item: Item) => ReactNode
  isNumber?: boolean
  /** The column that names the row. */
  isHead?: boolean
}

interface Props<Item> {
  label: string
  items: Item[]
  keyOf: (item: Item, index: number) => string | number
  columns: (Column<Item> | false)[]
  isBusy?: boolean
}

export function DataTable<Item>({ label, items, keyOf, columns, isBusy }: Props<Item>) {
  if (items.length === 0) return <p className="empty">{words.nothing}</p>
  const shown = columns.filter(column => column !== false)
  return (
    <table role="table" className="data" aria-label={label} aria-busy={isBusy}>
      <thead role="rowgroup">
        <tr role="row">
          {shown.map(({ name, isNumber }) => (
            <th key={name} role="columnheader" scope="col" data-number={isNumber}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {items.map((item, index) => (
          <tr key={keyOf(item, index)} role="row">
            {shown.map(({ name, cell, isNumber, isHead }) =>
              isHead ? (
                <th key={name} role="rowheader" scope="row" data-name={name}>
                  <div>{cell(item)}</div>
                </th>
              ) : (
                <td key={name} role="cell" data-name={name} data-number={isNumber}>
                  <div>{cell(item)}</div>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
