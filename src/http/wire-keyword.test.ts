import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { type TSchema, Type } from 'typebox'
import { describeMistakes } from './validation-message.ts'
import { Bool, Id, Int, Optional, Text, Timestamp } from './wire.ts'
import { addWireKeyword } from './wire-keyword.ts'

/** Gives the value that a handler gets, or the message that its caller gets. */
function createParser(schema: TSchema): (value: unknown) => Promise<unknown> {
  const server = Fastify({
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, verbose: true, strict: false },
      plugins: [addWireKeyword as never],
    },
  })
  let received: unknown
  server.setErrorHandler((error: any, _request, reply) => reply.send(describeMistakes(error.validation, 'body')))
  server.post('/', { schema: { body: Type.Object({ x: schema }) } }, async ({ body }) => {
    received = (body as { x: unknown }).x
    return 'accepted'
  })
  return async value => {
    const { body } = await server.inject({ method: 'POST', url: '/', payload: { x: value } as object })
    return body === 'accepted' ? received : body
  }
}

const parse = (schema: TSchema, value: unknown) => createParser(schema)(value)

async function assertParses(schema: TSchema, accepted: [unknown, unknown][], refused: unknown[], message: string) {
  const parse = createParser(schema) // to compile it takes longer than all else
  for (const [value, expected] of accepted) assert.deepEqual(await parse(value), expected, JSON.stringify(value))
  for (const value of refused) assert.equal(await parse(value), `x ${message}`, JSON.stringify(value))
}

const NOT_NUMBERS = [
  '',
  ' 1',
  '1 ',
  '1.0',
  '1e3',
  '1_0',
  '０',
  '７',
  '+1',
  '0x1',
  '١',
  '"1',
  '1"',
  '""',
  '"',
  '1\n',
  null,
  {},
  [],
  [1],
  true,
  1.5,
]

test('an id is taken as a number, as digits and as digits in quotes, and as nothing else', () =>
  assertParses(
    Id(),
    // biome-ignore format: pairs
    [[1, 1n], ['1', 1n], ['"1"', 1n], ['9223372036854775807', 2n ** 63n - 1n], [9007199254740991, 9007199254740991n]],
    [0, -1, '0', '-1', '01', '9223372036854775808', '"-1"', 9007199254740992, 1e30, ...NOT_NUMBERS],
    'must be an id',
  ))

test('a whole number is accepted as a number or text, with or without quotes, within its limits', () =>
  assertParses(
    Int(-5, 10),
    // biome-ignore format: pairs
    [[10, 10], ['10', 10], ['"10"', 10], [-5, -5], ['-5', -5], ['007', 7], [0, 0]],
    [11, '11', '"11"', -6, '"-5"', 1e30, '9'.repeat(40), ...NOT_NUMBERS],
    'must be a whole number from -5 to 10',
  ))

test('a boolean is true, false, 1 or 0, in JSON or as text', () =>
  assertParses(
    Bool(),
    // biome-ignore format: pairs
    [[true, true], ['true', true], [1, true], ['1', true], [false, false], ['false', false], [0, false], ['0', false]],
    ['', 'yes', 'TRUE', 2, null, {}, []],
    'must be true or false',
  ))

test('a timestamp is any positive number, however large', () =>
  assertParses(
    Timestamp(),
    // biome-ignore format: pairs
    [[1, 1], ['1700000000000', 1700000000000], ['"1700000000000"', 1700000000000], ['9'.repeat(64), Number.MAX_SAFE_INTEGER]],
    [0, '0', -1, '9'.repeat(65), ...NOT_NUMBERS],
    'must be a positive number of milliseconds',
  ))

test("the message names the field, or is the contract's if that has one", async () => {
  assert.equal(await parse(Type.Array(Type.Object({ id: Id() })), [{ id: 1 }, { id: 'x' }]), 'x.1.id must be an id')
  assert.equal(await parse(Type.Object({ id: Id() }), {}), 'x.id is required')
  assert.equal(await parse(Int(1, 2, { refusal: 'Invalid thing.' }), 3), 'Invalid thing.')
  assert.equal(await parse(Type.Object({ id: Id() }, { refusal: 'Invalid thing.' }), {}), 'Invalid thing.')
  assert.equal(await parse(Text(1, 7), ''), 'x must have 1 to 7 characters')
})

test('text is measured in code points', async () => {
  assert.equal(await parse(Text(1, 7), '🎉'.repeat(7)), '🎉'.repeat(7))
  assert.equal(await parse(Text(1, 7), '一二三四五六七八'), 'x must have 1 to 7 characters')
})

test('an optional field may be missing', async () => assert.equal(await parse(Optional(Int(1, 2)), undefined), undefined))

test('every kind of mistake has a readable message', async () => {
  const cases: [TSchema, unknown, string][] = [
    [Text(0, 7), 1, 'must be text'],
    [Text(0, 2), 'abc', 'must have at most 2 characters'],
    [Type.String({ minLength: 2 }), 'a', 'must have at least 2 characters'],
    [Type.String({ pattern: '^a$' }), 'b', 'is not written as it must be'],
    [Type.Array(Id()), 1, 'must be a list'],
    [Type.Array(Id(), { minItems: 1, maxItems: 2 }), [], 'must have 1 to 2 entries'],
    [Type.Object({}), 1, 'must be an object'],
    [Type.Unsafe({ type: ['string', 'null'] }), 1, 'must be text or null'],
    [Type.Number({ minimum: 1 }), 0, 'must be 1 or more'],
    [Type.Integer({ maximum: 1 }), 2, 'must be 1 or less'],
    [Type.Integer(), 0.5, 'must be a whole number'],
    [Type.Boolean(), 1, 'must be true or false'],
    [Type.Enum(['', 'b']), 'c', 'must be empty or b'],
    [Type.Literal(1), 2, 'must be 1'],
    [Type.Enum(['a', 'b']), 'c', 'must be a or b'],
    [Type.Union([Type.Literal(0), Type.Literal(1)]), 2, 'must be 0 or 1'],
    [Type.Union([Type.Number(), Type.Null()]), 'x', 'must be a number or null'],
  ]
  for (const [schema, value, message] of cases) assert.equal(await parse(schema, value), `x ${message}`, JSON.stringify(schema))
})
