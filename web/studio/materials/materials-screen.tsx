import { Button, FileButton, SegmentedControl } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '../../shared/api/client.ts'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { Pages } from '../../shared/frame/pages.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { materialsQuery } from '../api/queries.ts'
import type { Material } from '../api/types.ts'
import { PICTURE_TYPES, uploadPicture } from '../api/upload-picture.ts'
import { refusalOf } from '../refusal.ts'
import { materialWords as words } from './material-words.ts'

export function MaterialsScreen({ viewer }: { viewer: string }) {
  const [page, setPage] = useState(1)
  const [onlyCollected, setOnlyCollected] = useState(false)
  const materials = useQuery(materialsQuery(viewer, page, onlyCollected))
  const client = useQueryClient()
  const onSettled = () => client.invalidateQueries({ queryKey: ['materials', viewer] })
  const upload = useMutation({
    mutationFn: async (files: File[]) => {
      for (const file of files) await uploadPicture(file)
    },
    onSettled,
    onError: err => showNotice(words.uploadFailed(refusalOf(err))),
  })
  const collect = useMutation({
    mutationFn: ({ id, is_collected }: Material) => callApi(`mp/user/images/${id}`, { method: 'PUT', body: { collect: !is_collected } }),
    onSettled,
    onError: err => showNotice(refusalOf(err)),
  })
  const remove = useMutation({
    mutationFn: (id: number) => callApi(`mp/user/images/${id}`, { method: 'DELETE' }),
    onSettled,
    onError: err => showNotice(refusalOf(err)),
  })
  const [confirmation, confirm] = useConfirm()
  return (
    <>
      <div className="head">
        <h1>{words.materials}</h1>
        <FileButton
          multiple
          accept={PICTURE_TYPES}
          onChange={files => upload.mutate(files)}
          inputProps={{ 'aria-label': words.choosePicture }}
        >
          {props => (
            <Button {...props} loading={upload.isPending}>
              {words.choosePicture}
            </Button>
          )}
        </FileButton>
      </div>
      <p className="count">{words.materialsHint}</p>
      <SegmentedControl
        aria-label={words.materials}
        data={[
          { value: 'all', label: words.allMaterials },
          { value: 'collected', label: words.collected },
        ]}
        value={onlyCollected ? 'collected' : 'all'}
        onChange={value => {
          setOnlyCollected(value === 'collected')
          setPage(1)
        }}
      />
      <Loaded query={materials}>
        {list => (
          <>
            {list.total_count === 0 && <p>{words.noMaterials}</p>}
            <ul className="materials">
              {list.results.map((material, i) => (
                <li key={material.id}>
                  <img src={material.url} alt={words.picture(i + 1)} loading="lazy" />
                  <div className="actions">
                    <Button variant="default" size="compact-sm" onClick={() => collect.mutate(material)}>
                      {material.is_collected ? words.uncollect : words.collect}
                    </Button>
                    <Button
                      variant="default"
                      size="compact-sm"
                      onClick={() => confirm(words.deletePicture, () => remove.mutate(material.id))}
                    >
                      {words.delete}
                    </Button>
                  </div>
                </li>
              ))}
            </ul>
            <Pages of={list} onChange={setPage} />
          </>
        )}
      </Loaded>
      {confirmation}
    </>
  )
}
