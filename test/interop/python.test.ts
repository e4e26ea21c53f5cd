// The gRPC contract with Python on the other side: existing callers of the recommender, and the recommender it replaces, are
// written in Python.

import assert from 'node:assert/strict'
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import type { ReaderId } from '../../src/base/id.ts'
import { createRemoteRecommender } from '../../src/recommend/grpc/client.ts'
import { PROTO } from '../support/grpc-peer.ts'
import { startProduct } from '../support/product.ts'
import { within } from '../support/waiting.ts'

const run = promisify(execFile)

/** A client as existing ones are written, with generated stubs beside it. */
const CLIENT = `
import json, sys, grpc, reco_pb2, reco_pb2_grpc
address, user_id, channel_id, time_stamp = sys.argv[1:]
with grpc.insecure_channel(address) as conn:
    stub = reco_pb2_grpc.UserRecommendStub(conn)
    request = reco_pb2.UserRequest(user_id=user_id, channel_id=int(channel_id), article_num=10, time_stamp=int(time_stamp))
    answer = stub.user_recommend(request, timeout=5)
    try:
        stub.user_recommend(reco_pb2.UserRequest(user_id=user_id, article_num=2147483647), timeout=5)
        refused = ''
    except grpc.RpcError as e:
        refused = e.code().name
print(json.dumps({
    'exposure': answer.exposure, 'time_stamp': str(answer.time_stamp), 'refused': refused,
    'recommends': [{'id': str(a.article_id), 'track': {n: getattr(a.track, n) for n in ('click', 'collect', 'share', 'read')}} for a in answer.recommends],
}))
`

/** A recommender in Python: its ids exceed a double's precision, and its tracking strings are its own. */
const SERVER = `
import grpc, reco_pb2, reco_pb2_grpc
from concurrent import futures

class UserRecommend(reco_pb2_grpc.UserRecommendServicer):
    def user_recommend(self, request, context):
        answer = reco_pb2.ArticleResponse(exposure='exposure param', time_stamp=request.time_stamp - 1)
        for i in range(request.article_num):
            article = answer.recommends.add(article_id=1145898700000071271 + i)
            article.track.click = '点击 %s %d' % (request.user_id, i)
            article.track.read = 'read param'
        return answer

server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
reco_pb2_grpc.add_UserRecommendServicer_to_server(UserRecommend(), server)
print(server.add_insecure_port('127.0.0.1:0'), flush=True)
server.start()
server.wait_for_termination()
`

/** Generates the stubs and returns their folder. Without grpcio it skips the test and returns undefined. */
async function generateStubs(t: TestContext): Promise<string | undefined> {
  const found = spawnSync('python3', ['-c', 'import grpc, grpc_tools.protoc'], { encoding: 'utf8' })
  if (found.status !== 0) {
    const missing = found.error ? 'python3' : (/No module named '([^']+)'/.exec(found.stderr)?.[1] ?? 'one of them')
    t.skip(`python3 with grpcio is not here (missing: ${missing}; pip install grpcio grpcio-tools)`)
    return undefined
  }
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-python-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await run('python3', ['-m', 'grpc_tools.protoc', `-I${dirname(PROTO)}`, `--python_out=${folder}`, `--grpc_python_out=${folder}`, PROTO])
  return folder
}

test('a Python client gets ten recommendations with exact ids', async t => {
  const folder = await generateStubs(t)
  if (!folder) return
  const product = await startProduct()
  const channel = await product.createChannel('科技')
  const ids = await product.publish(Array.from({ length: 30 }, () => ({ channel })))
  const alice = await product.signIn('alice')
  const feed = (stamp: number) => alice.get(`/app/v1_1/articles?channel_id=${channel}&timestamp=${stamp}&with_top=0`)
  const next = (await feed(1_700_000_000_000)).body.data.pre_timestamp
  const args = ['-c', CLIENT, product.grpc, String(alice.id), String(channel), String(next)]
  const { stdout } = await run('python3', args, { cwd: folder })
  const answer = JSON.parse(stdout)
  assert.equal(answer.recommends.length, 10)
  for (const { id } of answer.recommends)
    assert.ok(
      ids.some(one => String(one) === id),
      `${id} was not published`,
    )
  assert.equal(answer.refused, 'INVALID_ARGUMENT')
  const { body } = await feed(next)
  assert.deepEqual(
    body.data.results.map((one: { art_id: bigint; trace: unknown }) => ({ id: String(one.art_id), track: one.trace })),
    answer.recommends,
  )
  assert.equal(answer.time_stamp, String(body.data.pre_timestamp))
})

test('our client reads exact ids and unchanged strings from a recommender written in Python', async t => {
  const folder = await generateStubs(t)
  if (!folder) return
  const python = spawn('python3', ['-c', SERVER], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(python, 'close') // at once: it may end by itself
  t.after(async () => {
    python.kill('SIGKILL')
    await closed
  })
  const [port] = await within(once(python.stdout.setEncoding('utf8'), 'data'), 'a recommender in Python starts')
  const remote = createRemoteRecommender({ address: `127.0.0.1:${Number(port)}`, deadlineMs: 5_000 })
  t.after(() => remote.close())
  const viewer = { kind: 'reader', id: 1145898700000071271n as ReaderId } as const
  const answer = await remote.recommend({ viewer, channelId: 7, count: 10, cursor: 1_556_789_000_001 })
  assert.deepEqual([answer.exposureToken, answer.nextCursor], ['exposure param', 1_556_789_000_000])
  assert.deepEqual(
    answer.items,
    Array.from({ length: 10 }, (_, i) => ({
      articleId: 1145898700000071271n + BigInt(i),
      tokens: { click: `点击 1145898700000071271 ${i}`, collect: '', share: '', read: 'read param' },
    })),
  )
})
