import { LANGUAGE } from '../../shared/language.ts'
import type { TriedPolicy } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { policiesWords as words } from './policies-words.ts'

const percent = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 1 })
const VALUES = ['logged', 'dr', 'snips', 'ips', 'gain'] as const
const format = (value: number) => value.toFixed(4)

export function PolicyEstimate({ tried }: { tried: TriedPolicy }) {
  const { refused, pages, viewers, clicks, left_out, support, not_estimated, values } = tried
  return (
    <>
      <p>{words.basis(pages, viewers, clicks, left_out)}</p>
      {support !== null && <p>{words.support(percent.format(support))}</p>}
      {not_estimated.length > 0 && <p>{words.notEstimated(not_estimated.join(', '))}</p>}
      {refused && <p>{words.noEstimate(refused)}</p>}
      {values && (
        <DataTable
          label={words.result}
          items={VALUES.map(name => ({ name, ...values[name] }))}
          keyOf={({ name }) => name}
          columns={[
            { name: '', isHead: true, cell: ({ name }) => name },
            { name: words.clicksAPage, cell: ({ value }) => format(value), isNumber: true },
            { name: words.interval, cell: ({ low, high }) => `${format(low)} … ${format(high)}`, isNumber: true },
            { name: ' ', cell: ({ name }) => words.values[name] },
          ]}
        />
      )}
    </>
  )
}
