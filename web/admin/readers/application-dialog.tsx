// One application, with the name and the pictures of the identity card.

import { Button, Group, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Sheet } from '../../shared/frame/confirm.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { isolate } from '../../shared/language.ts'
import { useAdministrator, useCan } from '../administrator.tsx'
import { callApi, downloadFile } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { LegalizePage } from '../api/types.ts'
import { RowButton } from '../parts/row-button.tsx'
import { readerWords as words } from './readers-words.ts'

const WAITING = 1
const PICTURES = ['id_card_front', 'id_card_back', 'id_card_handheld'] as const

export function ApplicationDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const can = useCan()
  const query = useData<LegalizePage>(`mis/legalizes/${id}`)
  const [reason, setReason] = useState('')
  const decide = useAction(
    (status: 2 | 3) =>
      callApi('mis/legalizes', { method: 'PUT', body: { legalize_ids: [id], status, reject_reason: reason || undefined } }),
    () => words.decided,
  )
  const send = (status: 2 | 3) => decide.mutate(status, { onSuccess: onClose })
  return (
    <Sheet label={words.screens.applications} onClose={onClose}>
      <Loaded query={query}>
        {({ name, status, user_profile: profile }) => (
          <div className="form">
            <h2>{words.applicationOf(isolate(name))}</h2>
            <p className="about">{words.viewIsLogged}</p>
            <dl className="facts">
              <dt>{words.realName}</dt>
              <dd>{profile.real_name ?? '–'}</dd>
              <dt>{words.idNumber}</dt>
              <dd>{profile.id_number ?? '–'}</dd>
              {PICTURES.map(picture => (
                <Picture key={picture} name={words.pictures[picture] ?? picture} url={profile[picture]} />
              ))}
            </dl>
            {status === WAITING && can('legalize-list-put') && (
              <>
                <TextInput
                  label={words.whyReject}
                  maxLength={200}
                  value={reason}
                  onChange={event => setReason(event.currentTarget.value)}
                />
                <Group justify="flex-end">
                  <Button variant="default" onClick={onClose}>
                    {words.cancel}
                  </Button>
                  <Button variant="default" disabled={!reason.trim()} loading={decide.isPending} onClick={() => send(3)}>
                    {words.reject}
                  </Button>
                  <Button loading={decide.isPending} onClick={() => send(2)}>
                    {words.approve}
                  </Button>
                </Group>
              </>
            )}
          </div>
        )}
      </Loaded>
    </Sheet>
  )
}

/** Loaded with the administrator's token when it is asked for: each look is noted. */
function Picture({ name, url }: { name: string; url: string | null }) {
  const can = useCan()
  const { id } = useAdministrator()
  const [isShown, setShown] = useState(false)
  const path = url && url.slice(url.indexOf('v1/admin/') + 'v1/'.length)
  const picture = useQuery({
    queryKey: [id, 'picture', path],
    queryFn: async () => URL.createObjectURL(await downloadFile(path as string)),
    enabled: isShown,
    gcTime: 0, // not kept longer than it is looked at
    staleTime: Number.POSITIVE_INFINITY,
  })
  const address = picture.data
  useEffect(() => {
    return () => {
      if (address) URL.revokeObjectURL(address)
    }
  }, [address])
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {address ? (
          <img src={address} alt={name} />
        ) : path && can('identity-get') ? (
          <RowButton of={name} loading={isShown && picture.isFetching} onClick={() => setShown(true)}>
            {words.showPicture}
          </RowButton>
        ) : (
          words.noPicture
        )}
      </dd>
    </>
  )
}
