import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { LoadFailure } from '../../shared/failure.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { formatAgeOf } from '../../shared/time.ts'
import { sessionsQuery } from '../api/queries.ts'
import { accountWords as words } from './account-words.ts'
import { describeAgent } from './agent.ts'
import { useForgetReader } from './sign-out.ts'

export function SessionList({ viewer }: { viewer: string }) {
  const { data: sessions, error, refetch } = useQuery(sessionsQuery(viewer))
  const client = useQueryClient()
  const forget = useForgetReader()
  const end = useMutation({
    mutationFn: (id: string) => callApi(`me/sessions/${id}`, { generation: 'v1', method: 'DELETE' }),
    onSuccess: () => showNotice(words.sessionEnded),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery(viewer).queryKey }),
  })
  const endAll = useMutation({
    mutationFn: () => callApi('me/sessions', { generation: 'v1', method: 'DELETE' }),
    onSuccess: () => forget(words.signedOut),
  })
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{words.sessions}</h2>
      {error && !sessions && <LoadFailure retry={refetch} />}
      <ul>
        {sessions?.map(({ id, agent, address, last_used_at, is_current }) => (
          <li key={id}>
            <div>
              <strong>{describeAgent(agent)}</strong>
              <small>
                {address} · {formatAgeOf(Date.parse(last_used_at))}
              </small>
            </div>
            {is_current ? (
              <em>{words.thisSession}</em>
            ) : (
              <button type="button" className="button" onClick={() => end.mutate(id)} disabled={end.isPending}>
                {words.endSession}
              </button>
            )}
          </li>
        ))}
      </ul>
      <p role="alert">{(end.error ?? endAll.error) && words.loadFailedHint}</p>
      <button type="button" className="button" onClick={() => endAll.mutate()} disabled={endAll.isPending}>
        {words.signOutEverywhere}
      </button>
    </section>
  )
}
