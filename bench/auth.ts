// What it costs to recognise who sent a request: processor time of the server for one answer, as anonymous, as a device and
// as a signed-in reader, in alternating rounds. The route answers all of them the same, so the header is all that differs.

import { CONNECTIONS, signInReader } from './feed-cases.ts'
import { load } from './load.ts'
import { runProduct } from './processes.ts'
import { median, type Report, round } from './report.ts'

// Many short rounds: the difference is a few microseconds, and what else the machine does changes within seconds.
const ROUNDS = 31
const SECONDS = 0.7
const PATH = '/app/v1_0/channels'

export async function measure(): Promise<Report> {
  await using stack = new AsyncDisposableStack()
  const product = await runProduct({ DEMO: '0' })
  stack.defer(() => product.stop())
  const readers = await Promise.all(Array.from({ length: CONNECTIONS }, () => signInReader(product.url)))
  const kinds: Record<string, (connection: number) => string> = {
    anonymous: () => '',
    device: connection => `Authorization: Anony device-${connection}\r\n`,
    reader: connection => readers[connection] as string,
  }
  const times = new Map<string, number[]>()
  // The first round warms up: it compiles the code and verifies every token once.
  for (let i = 0; i <= ROUNDS; i++)
    for (const [kind, headers] of Object.entries(kinds)) {
      const before = product.cpu().own
      const next = (connection: number) => ({ path: PATH, headers: headers(connection) })
      const { requests, failures } = await load({ url: product.url, connections: CONNECTIONS, seconds: SECONDS, next })
      if (failures > 0) throw new Error(`${failures} requests as ${kind} failed`)
      const microseconds = ((product.cpu().own - before) * 1e6) / requests
      if (i > 0) times.set(kind, [...(times.get(kind) ?? []), microseconds])
    }
  const of = (kind: string) => times.get(kind) ?? []
  // Each beside the anonymous one of the same round.
  const more = (kind: string) => median(of(kind).map((value, i) => value - (of('anonymous')[i] as number)))
  return {
    load: `${ROUNDS} alternating rounds of ${SECONDS} s, GET ${PATH}, ${CONNECTIONS} connections, a reader on each`,
    rows: Object.keys(kinds).map(kind => ({
      'sent by': kind,
      'cpu µs': round(median(of(kind))),
      'more than anonymous': kind === 'anonymous' ? '–' : round(more(kind), 2),
      ratio: round(median(of(kind)) / median(of('anonymous'))),
    })),
  }
}
