// Fastify compiles the validators and serialisers of all routes at the start, a few milliseconds each and once for every
// generation: a fifth of the start's time. These compilers wait for the first request of a route.

import { AjvCompiler } from '@fastify/ajv-compiler'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifySchemaCompiler, FastifySerializerCompiler, FastifyValidationResult } from 'fastify/types/schema.js'

export function createLazyValidatorCompiler(options: Parameters<ReturnType<typeof AjvCompiler>>[1]): FastifySchemaCompiler<unknown> {
  const compile = AjvCompiler()({}, options)
  return route => {
    let validate: FastifyValidationResult | undefined
    const lazyValidate: FastifyValidationResult = data => {
      validate ??= compile(route as never) as FastifyValidationResult // its declared types are too narrow
      const valid = validate(data)
      lazyValidate.errors = validate.errors // Fastify reads the errors from the function
      return valid
    }
    return lazyValidate
  }
}

export function createLazySerializerCompiler(): FastifySerializerCompiler<unknown> {
  const compile = SerializerSelector()()
  return route => {
    let serialise: ((data: unknown) => string) | undefined
    return data => (serialise ??= compile(route as never))(data)
  }
}
