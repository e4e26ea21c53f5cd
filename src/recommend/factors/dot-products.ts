// A WebAssembly function of a few instructions: the products of one vector of 16-bit numbers with many, eight numbers at once. JavaScript
// has no such instruction, and takes ten times as long.

const LANES = 8
const BYTES = 2
const REGISTER = LANES * BYTES

/** What is used of it; its types come with those of browsers. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => Memory
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object, imports: { env: { memory: Memory } }) => { exports: { scan: Scan } }
}
interface Memory {
  buffer: ArrayBuffer
}

const PAGE = 65_536 // bytes

/** `scan(query, vectors, into, count)`, all addresses in bytes: writes a 32-bit product for each vector. */
export type Scan = (query: number, vectors: number, into: number, count: number) => void

/** A scan of vectors of so many numbers, a multiple of 16, in `bytes` of memory. */
export function compileScan(width: number, bytes: number): { scan: Scan; buffer: ArrayBuffer } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(width)), { env: { memory } })
  return { scan: exports.scan, buffer: memory.buffer }
}

// Numbers of locals: four parameters, the end, two sums, and the query.
const [QUERY, VECTORS, INTO, COUNT, END, SUM] = [0, 1, 2, 3, 4, 5]
const FIRST = 7
const [I32, V128] = [0x7f, 0x7b]
const [LOOP, NO_RESULT, END_OF_BLOCK] = [0x03, 0x40, 0x0b]
const MAGIC_AND_VERSION = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

function moduleOf(width: number): Uint8Array<ArrayBuffer> {
  const parts = width / LANES
  const get = (local: number) => [0x20, ...leb(local)]
  const set = (local: number, value: number[]) => [...value, 0x21, ...leb(local)]
  const number = (value: number) => [0x41, ...signedLeb(value)]
  const add = (a: number[], b: number[]) => [...a, ...b, 0x6a]
  const load = (address: number, offset: number) => [...get(address), 0xfd, 0x00, 0, ...leb(offset)]
  const dot = (part: number) => [...get(FIRST + part), ...load(VECTORS, part * REGISTER), 0xfd, 0xba, 0x01]
  const addLanes = (a: number[], b: number[]) => [...a, ...b, 0xfd, 0xae, 0x01]
  const lane = (i: number) => [...get(SUM), 0xfd, 0x1b, i]
  const range = Array.from({ length: parts }, (_, part) => part)

  const loadQuery = range.flatMap(part => set(FIRST + part, load(QUERY, part * REGISTER)))
  const setEnd = set(END, add(get(VECTORS), [...get(COUNT), ...number(width * BYTES), 0x6c]))
  // Two sums in turn, so that one addition need not wait for the one before.
  const addProducts = range.flatMap(part => set(SUM + (part % 2), part < 2 ? dot(part) : addLanes(get(SUM + (part % 2)), dot(part))))
  const addSums = set(SUM, addLanes(get(SUM), get(SUM + 1)))
  const store = [...get(INTO), ...add(add(lane(0), lane(1)), add(lane(2), lane(3))), 0x36, 2, 0]
  const advance = [...set(INTO, add(get(INTO), number(4))), ...set(VECTORS, add(get(VECTORS), number(width * BYTES)))]
  const againBelowEnd = [...get(VECTORS), ...get(END), 0x49, 0x0d, 0]
  const loop = [LOOP, NO_RESULT, ...addProducts, ...addSums, ...store, ...advance, ...againBelowEnd, END_OF_BLOCK]

  const locals = [2, 1, I32, ...leb(2 + parts), V128]
  const body = [...locals, ...loadQuery, ...setEnd, ...loop, END_OF_BLOCK]
  return Uint8Array.from([
    ...MAGIC_AND_VERSION,
    ...section(1, [1, 0x60, 4, I32, I32, I32, I32, 0]), // a type: four numbers to nothing
    ...section(2, [1, ...name('env'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('scan'), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ])
}

const section = (id: number, content: number[]) => [id, ...leb(content.length), ...content]
const name = (text: string) => [text.length, ...Buffer.from(text)]

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}

/** Of a number that is not negative. */
function signedLeb(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...signedLeb(value >>> 7)]
}
