// What checks and writes the bodies of a route is compiled when it is first needed, which takes some milliseconds. For all
// routes, each of them in several generations, it was a fifth of a start.

import { AjvCompiler } from '@fastify/ajv-compiler'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifySchemaCompiler, FastifySerializerCompiler, FastifyValidationResult } from 'fastify/types/schema.js'

export function createLazyValidatorCompiler(options: Parameters<ReturnType<typeof AjvCompiler>>[1]): FastifySchemaCompiler<unknown> {
  const compile = AjvCompiler()({}, options)
  return route => {
    let check: FastifyValidationResult | undefined
    const later: FastifyValidationResult = data => {
      check ??= compile(route as never) as FastifyValidationResult // its types know of schemas only
      const right = check(data)
      later.errors = check.errors // read off the function, by whoever refuses
      return right
    }
    return later
  }
}

export function createLazySerializerCompiler(): FastifySerializerCompiler<unknown> {
  const compile = SerializerSelector()()
  return route => {
    let write: ((data: unknown) => string) | undefined
    return data => (write ??= compile(route as never))(data)
  }
}
