// The ranking policy that is live, those before, and a file that is tried and put into use.

import { useState } from 'react'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { Policies as PoliciesData, Policy } from '../api/types.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
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
        {({ live, defaults, uses, stored }) => (
          <>
            <p>{words.live(live.version)}</p>
            <Stored stored={stored} live={live.version} onOpen={open.mutate} />
            <History uses={uses} live={live.version} onOpen={open.mutate} />
            {/* What is being edited stays when another policy is put into use. */}
            <PolicyEditor key={opened.nth} shown={opened.policy ?? live} live={live.version} defaults={defaults} />
          </>
        )}
      </Loaded>
    </section>
  )
}

interface Rows {
  live: number
  onOpen: (version: number) => void
}

/** What both tables say of a policy, and what can be done with it. */
function usePolicyRows({ live, onOpen }: Rows) {
  const mayChange = useCan()('recommender-put')
  const [question, ask] = useConfirm()
  const use = useAction(
    // What was live when it was asked for: another operator may have been quicker.
    ({ version, base }: { version: number; base: number }) => callApi('admin/policies/live', { method: 'PUT', body: { version, base } }),
    () => words.saved,
  )
  const head: Column<PolicyRow>[] = [
    { name: words.version, isHead: true, cell: ({ version }) => version },
    { name: words.name_, cell: ({ version, name }) => name ?? (version === 0 ? words.default_ : '–') },
  ]
  const actions: Column<PolicyRow> = {
    name: words.actions,
    cell: ({ version }) => (
      <div className="actions">
        <RowButton of={String(version)} onClick={() => onOpen(version)}>
          {words.open}
        </RowButton>
        {mayChange && version !== live && (
          <RowButton
            of={String(version)}
            loading={use.isPending && use.variables.version === version}
            onClick={() => ask(words.useQuestion(version), () => use.mutate({ version, base: live }), words.use)}
          >
            {words.use}
          </RowButton>
        )}
      </div>
    ),
  }
  return { head, actions, question }
}

type PolicyRow = Pick<PoliciesData['uses'][number], 'version' | 'name'>

function Stored({ stored, ...rows }: Rows & Pick<PoliciesData, 'stored'>) {
  const { head, actions, question } = usePolicyRows(rows)
  if (stored.length === 0) return null
  return (
    <>
      <DataTable
        label={words.storedPolicies}
        items={stored}
        keyOf={({ version }) => version}
        columns={[
          ...head,
          { name: words.storedAt, cell: ({ at }) => <When at={at} isExact /> },
          { name: words.by, cell: ({ by }) => by ?? '–' },
          {
            name: words.lastUsed,
            cell: ({ version, used }) => (version === rows.live ? words.now : used ? <When at={used} isExact /> : '–'),
          },
          actions,
        ]}
      />
      {question}
    </>
  )
}

/** As many as the server lists: of more, the oldest are missing. */
const USES_MAX = 50

function History({ uses, ...rows }: Rows & Pick<PoliciesData, 'uses'>) {
  const { head, actions, question } = usePolicyRows(rows)
  if (uses.length === 0) return null
  /** The defaults ranked before all others. */
  const first = { version: 0, name: null, since: undefined, until: uses.at(-1)?.since }
  const all = uses.length < USES_MAX ? [...uses, first] : uses
  return (
    <>
      <DataTable
        label={words.history}
        items={all}
        keyOf={({ since }) => since ?? ''}
        columns={[
          ...head,
          { name: words.since, cell: ({ since }) => (since ? <When at={since} isExact /> : '–') },
          { name: words.until, cell: ({ until }) => (until ? <When at={until} isExact /> : words.now) },
          actions,
        ]}
      />
      {question}
    </>
  )
}
