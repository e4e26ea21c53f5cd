// The ranking policy that is live, those before, and a file that is tried and put into use.

import { useState } from 'react'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { Policies as PoliciesData, Policy } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { When } from '../parts/when.tsx'
import { policiesWords as words } from './policies-words.ts'
import { PolicyEditor } from './policy-editor.tsx'

export function Policies() {
  const query = useData<PoliciesData>('admin/policies')
  const [opened, setOpened] = useState<{ nth: number; policy?: Policy }>({ nth: 0 })
  const open = useAction(async (version: number) => {
    const policy = await callApi<Policy>(`admin/policies/${version}`)
    setOpened(({ nth }) => ({ nth: nth + 1, policy }))
  })
  return (
    <section className="policy">
      <h2>{words.policy}</h2>
      <p className="about">{words.about}</p>
      <Loaded query={query}>
        {({ live, defaults, uses }) => (
          <>
            <p>{words.live(live.version)}</p>
            <History uses={uses} live={live.version} onOpen={open.mutate} />
            {/* What is being edited stays when another policy is put into use. */}
            <PolicyEditor key={opened.nth} shown={opened.policy ?? live} defaults={defaults} />
          </>
        )}
      </Loaded>
    </section>
  )
}

interface HistoryProps {
  uses: PoliciesData['uses']
  live: number
  onOpen: (version: number) => void
}

function History({ uses, live, onOpen }: HistoryProps) {
  const mayChange = useCan()('recommender-put')
  const [question, ask] = useConfirm()
  const use = useAction(
    (version: number) => callApi('admin/policies/live', { method: 'PUT', body: { version } }),
    () => words.saved,
  )
  if (uses.length === 0) return null
  /** The defaults ranked before all others. */
  const all = [...uses, { version: 0, name: null, since: undefined, until: uses.at(-1)?.since }]
  return (
    <>
      <DataTable
        label={words.history}
        items={all}
        keyOf={({ since }) => since ?? ''}
        columns={[
          { name: words.version, isHead: true, cell: ({ version }) => version },
          { name: words.name_, cell: ({ version, name }) => name ?? (version === 0 ? words.default_ : '–') },
          { name: words.since, cell: ({ since }) => (since ? <When at={since} isExact /> : '–') },
          { name: words.until, cell: ({ until }) => (until ? <When at={until} isExact /> : words.now) },
          {
            name: words.actions,
            cell: ({ version }) => (
              <div className="actions">
                <RowButton of={String(version)} onClick={() => onOpen(version)}>
                  {words.open}
                </RowButton>
                {mayChange && version !== live && (
                  <RowButton
                    of={String(version)}
                    loading={use.isPending && use.variables === version}
                    onClick={() => ask(words.useQuestion(version), () => use.mutate(version), words.use)}
                  >
                    {words.use}
                  </RowButton>
                )}
              </div>
            ),
          },
        ]}
      />
      {question}
    </>
  )
}
