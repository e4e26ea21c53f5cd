import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { SIZE } from '../../../test/support/chaos-size.ts'
import { openArticleFile } from './article-file.ts'
import type { Line } from './raw-lines.ts'

const folder = await mkdtemp(join(tmpdir(), 'broadsheet-lines-'))
after(() => rm(folder, { recursive: true }))

const MIB = 1024 * 1024

async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function linesOf(path: string): Promise<Line[]> {
  const file = await openArticleFile(path)
  const lines = await Array.fromAsync(file.read())
  assert.equal(await file.count(), lines.length, 'the count is the number of lines read')
  return lines
}

const values = (lines: Line[]) =>
  lines.map(line => ('value' in line ? (line.value as { title: unknown }).title : `${line.line} ${line.reason}`))

test('lines have the numbers an editor shows, also after blank lines and with Windows line ends', async () => {
  const lines = await linesOf(
    await fileOf(
      'a.jsonl',
      '\ufeff{"title":"一"}\r\n\r\n  \n{"title":"二"}\nnonsense\n{"title":"三"}\n{"title":"\\ud83d"}\n{"title":"四"}',
    ),
  )
  assert.deepEqual(values(lines), ['一', '二', '5 is not JSON', '三', '7 is not JSON', '四'])
  assert.deepEqual(
    lines.map(line => line.line),
    [1, 4, 5, 6, 7, 8],
  )
})

test('the format is that of the file name, or else guessed from the first characters; gzip is detected by its first bytes', async () => {
  const json = '{"title":"a"}\n'
  const csv = 'title\na\n'
  const files: [string, string | Buffer][] = [
    ['one.jsonl', json],
    ['two', json],
    ['three.txt', ` \n ${json}`],
    ['four.jsonl', gzipSync(json)],
    ['five', gzipSync(csv)],
    ['six.csv.gz', gzipSync(csv)],
    ['seven.csv.gz', csv],
    ['eight.jsonl.gz', Buffer.concat([gzipSync(json.slice(0, 5)), gzipSync(json.slice(5))])],
  ]
  for (const [name, content] of files) assert.deepEqual(values(await linesOf(await fileOf(name, content))), ['a'], name)
})

test('a line that is not UTF-8 is refused with its number', async () => {
  const bytes = Buffer.concat([Buffer.from('{"title":"a"}\n{"title":"'), Buffer.from([0xd6, 0xd0]), Buffer.from('"}\n{"title":"b"}\n')])
  assert.deepEqual(values(await linesOf(await fileOf('gbk.jsonl', bytes))), ['a', '2 is not UTF-8', 'b'])
})

test('CSV may have quotes, line breaks inside quotes, a byte order mark and empty fields', async () => {
  const path = await fileOf('b.csv', '\ufeffTitle,channel,text\r\n"a ""b"", c",,"one\r\ntwo"\r\n\r\nd,e,f\r\n')
  assert.deepEqual(await linesOf(path), [
    { line: 2, value: { title: 'a "b", c', channel: undefined, text: 'one\r\ntwo' } },
    { line: 5, value: { title: 'd', channel: 'e', text: 'f' } },
  ])
})

test('a stray quote in CSV spoils its own line only', async () => {
  const filler = Array.from({ length: 2_000 }, (_, i) => `"t${i}",x`)
  const rows = ['title,channel', 'a,x', '"b,x', ...filler, 'c"c,x', 'd,x,y', 'e,"x', 'f"', '"g,x', 'h,x']
  const lines = await linesOf(await fileOf('c.csv', rows.join('\n')))
  const refused = lines.flatMap(line => ('reason' in line ? [`${line.line} ${line.reason}`] : []))
  assert.deepEqual(refused, [
    '3 is not CSV: a quote stands inside a field',
    '2004 is not CSV: a quote stands inside a field',
    '2005 has 3 fields instead of 2',
    '2008 opens a quote that is never closed',
  ])
  assert.deepEqual(lines.at(-3), { line: 2006, value: { title: 'e', channel: 'x\nf' } })
  assert.equal(lines.length, 2_000 + 7)
})

test('a CSV without a column that its kind has is refused', async () => {
  await assert.rejects(linesOf(await fileOf('d.csv', 'name,channel\na,b\n')), /none of them is title/)
  const behaviours = await fileOf('e.csv', 'device_id,Action\nd1,read\n')
  assert.deepEqual(await Array.fromAsync((await openArticleFile(behaviours, 'action')).read()), [
    { line: 2, value: { device_id: 'd1', action: 'read' } },
  ])
})

test('an empty file has no lines', async () => {
  for (const name of ['empty.jsonl', 'empty.csv', 'empty', 'empty.gz']) assert.deepEqual(await linesOf(await fileOf(name, '')), [])
  assert.deepEqual(await linesOf(await fileOf('packed', gzipSync(''))), [])
})

test('a file that cannot be imported is refused with a sentence that says why', async () => {
  await assert.rejects(openArticleFile(join(folder, 'missing.jsonl')), /there is no file/)
  await assert.rejects(openArticleFile(folder), /is a folder/)
  await assert.rejects(openArticleFile('/dev/null'), /not a regular file/)
  await assert.rejects(openArticleFile(await fileOf('array.json', '[{"title":"a"}]')), /one JSON array/)
  await assert.rejects(openArticleFile(await fileOf('zip.jsonl', 'PK\x03\x04....')), /zip archive/)
  await assert.rejects(openArticleFile(await fileOf('utf16.csv', Buffer.from('\ufefftitle', 'utf16le'))), /not UTF-8/)
})

test('the error of a truncated or damaged gzip file names the last line read', async () => {
  const whole = gzipSync(Array.from({ length: 5_000 }, (_, i) => `{"title":"${i} ${Math.random()}"}`).join('\n'))
  const cut = await openArticleFile(await fileOf('cut.jsonl.gz', whole.subarray(0, whole.length - 100)))
  await assert.rejects(cut.count(), /breaks off after line 4\d\d\d: unexpected end of file/)
  const damaged = Buffer.from(whole)
  damaged.fill(0xff, whole.length >> 1, (whole.length >> 1) + 50)
  const file = await openArticleFile(await fileOf('damaged.jsonl.gz', damaged))
  await assert.rejects(file.count(), /breaks off after line/)
})

/** In MiB. Of a file or a line, a reader that kept it would be seen; a record is too long. */
const [FILE, LINE, RECORD, GROWTH_MAX] = { smoke: [100, 150, 9, 120], full: [100, 200, 20, 150] }[SIZE] as [number, number, number, number]

/** A gzipped file of `mib` MiB: what fills the memory is not the disk. */
async function largeFile(name: string, line: string, mib: number, before = ''): Promise<string> {
  const path = join(folder, name)
  const block = gzipSync(line.repeat(Math.ceil(MIB / line.length)))
  await writeFile(path, Buffer.concat([gzipSync(before), ...Array<Buffer>(mib).fill(block)]))
  return path
}

async function memoryGrowth(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 5)
  await work()
  clearInterval(timer)
  return (most - before) / MIB
}

test('a large file takes no more memory than a small one, even if the consumer is slow', async () => {
  const path = await largeFile('large.jsonl.gz', `{"title":"${'字'.repeat(50)}","text":"${'x'.repeat(10_000)}"}\n`, FILE)
  const grown = await memoryGrowth(async () => {
    let count = 0
    for await (const _line of (await openArticleFile(path)).read())
      if (++count % 2_000 === 0) await new Promise(resolve => setTimeout(resolve, 20))
    assert.ok(count > 100 * (FILE - 1))
  })
  assert.ok(grown < GROWTH_MAX, `${Math.round(grown)} MiB`)
})

for (const name of ['long.jsonl.gz', 'long.csv.gz']) {
  test(`a line of far more than 8 MiB in ${name} is refused with its number and not buffered, and the rest is read`, async () => {
    const before = name.includes('csv') ? 'title\na\n"' : '{"title":"a"}\n"'
    const path = await largeFile(name, 'x', LINE, before)
    const end = gzipSync(name.includes('csv') ? '"\nb\n' : '"\n{"title":"b"}\n')
    await writeFile(path, end, { flag: 'a' })
    let lines: Line[] = []
    const grown = await memoryGrowth(async () => {
      lines = await linesOf(path)
    })
    assert.deepEqual(values(lines), ['a', `${name.includes('csv') ? 3 : 2} is longer than 8 MiB`, 'b'])
    assert.ok(grown < GROWTH_MAX, `${Math.round(grown)} MiB`)
  })
}

test('a CSV record of more than 8 MiB with line breaks is refused and not buffered', async () => {
  const path = await largeFile('record.csv.gz', `${'y'.repeat(9_999)}\n`, RECORD, 'title\na\n"')
  const grown = await memoryGrowth(async () => {
    let count = 0
    for await (const line of (await openArticleFile(path)).read()) {
      if (count++ === 1) assert.deepEqual(line, { line: 3, reason: 'opens a quote that is never closed' })
    }
    assert.ok(count > 100 * RECORD)
  })
  assert.ok(grown < GROWTH_MAX, `${Math.round(grown)} MiB`)
})

test('every line is read, whatever ends lines and whatever stands between the members of an archive', async () => {
  const titles = fc.array(fc.string({ unit: fc.constantFrom('a', '字', ' ', '"'), minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 8,
  })
  const member = fc.record({ titles, zeros: fc.nat(600) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(member, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      async (members, end, isCsv) => {
        const toLine = (title: string) => (isCsv ? `"${title.replaceAll('"', '""')}",x` : JSON.stringify({ title })) + end
        const parts = members.flatMap(({ titles, zeros }, i) => {
          const text = (isCsv && i === 0 ? `title,channel${end}` : '') + titles.map(toLine).join('')
          return [gzipSync(text), Buffer.alloc(zeros)]
        })
        const read = values(await linesOf(await fileOf(`any.${isCsv ? 'csv' : 'jsonl'}.gz`, Buffer.concat(parts))))
        assert.deepEqual(
          read,
          members.flatMap(({ titles }) => titles),
        )
      },
    ),
    { numRuns: SIZE === 'full' ? 40 : 15 },
  )
})

test('an id of a source beyond 2^53 is read exactly', async () => {
  const [line] = await linesOf(await fileOf('id.jsonl', '{"title":"a","source_id":9007199254740993}\n'))
  assert.ok(line && 'value' in line)
  assert.equal((line.value as { source_id: unknown }).source_id, 9_007_199_254_740_993n)
})
