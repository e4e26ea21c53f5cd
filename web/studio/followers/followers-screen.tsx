import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '../../shared/api/client.ts'
import { Chart } from '../../shared/charts/chart.tsx'
import { Pages } from '../../shared/frame/pages.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { textAttributes } from '../../shared/language.ts'
import { formatCount } from '../../shared/time.ts'
import { followersQuery } from '../api/queries.ts'
import { followerWords as words } from './follower-words.ts'

interface FollowerFigures {
  gender: { male: number; female: number }
  age: Record<string, number>
  device: { ios: number; android: number }
}

export function FollowersScreen({ viewer }: { viewer: string }) {
  const [page, setPage] = useState(1)
  const followers = useQuery(followersQuery(viewer, page))
  const figures = useQuery({
    queryKey: ['follower-figures', viewer],
    queryFn: ({ signal }) => callApi<FollowerFigures>('mp/statistics/followers', { signal }),
  })
  return (
    <>
      <div className="head">
        <h1>{words.followers}</h1>
      </div>
      <Loaded query={followers}>
        {list => (
          <>
            <p className="count">{list.total_count > 0 ? words.followersCount(list.total_count) : words.noFollowers}</p>
            <ul className="people">
              {list.results.map(({ id, name, photo, fans_count, mutual_follow }) => (
                <li key={id}>
                  <img src={photo} alt="" width="40" height="40" />
                  <div>
                    <strong {...textAttributes(name)}>{name}</strong>
                    <p>
                      {words.fans(formatCount(fans_count))}
                      {mutual_follow && ` · ${words.mutual}`}
                    </p>
                  </div>
                </li>
              ))}
            </ul>
            <Pages of={list} onChange={setPage} />
            {list.total_count > 0 && figures.data && <FollowerCharts figures={figures.data} />}
          </>
        )}
      </Loaded>
    </>
  )
}

function FollowerCharts({ figures: { gender, age, device } }: { figures: FollowerFigures }) {
  return (
    <div className="charts">
      <Chart
        title={words.gender}
        bars={[
          [words.male, gender.male],
          [words.female, gender.female],
        ]}
      />
      <Chart title={words.age} bars={Object.entries(age).map(([key, count]) => [words.ages[key] ?? key, count])} />
      <Chart
        title={words.device}
        bars={[
          ['iOS', device.ios],
          ['Android', device.android],
        ]}
      />
    </div>
  )
}
