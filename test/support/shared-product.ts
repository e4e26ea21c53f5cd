// One product for all test files of a process that need no settings of their own. To start one costs as much as twenty requests, and
// then each connection reads the catalogue and plans each statement for the first time.

import { silentLog } from '../../src/base/log.ts'
import { cleanup, closeShared, openShared } from './cleanup.ts'
import { OFFICE_ENV } from './office.ts'
import { createProduct, MOBILES, type Product, type StartOptions, startProduct } from './product.ts'
import { createRowWriter } from './product-rows.ts'
import { SETTING, startInProcess } from './product-settings.ts'

/** Clients of one address may sign in 500 times an hour. The two files that do so most need a hundred each, the others fewer. */
const FILES_MAX = 8

let shared: ReturnType<typeof open> | undefined
let users = 0
let usersOfThis = 0

/**
 * A product that other files use before and after this one. The caller has people, channels and articles of its own, and asserts
 * nothing about all articles, all channels or the feed without a channel. Mobile numbers that are not `mobileOf` a name, and devices, are
 * no other file's. It closes nothing, and restores what holds for all. The first administrator is that of office.ts. In the other
 * settings it is a product of the file's own.
 */
export async function useSharedProduct({ alwaysEmbedded }: Pick<StartOptions, 'alwaysEmbedded'> = {}): Promise<Product> {
  if (SETTING !== 'embedded') return startProduct({ env: OFFICE_ENV, alwaysEmbedded })
  if (usersOfThis === FILES_MAX) await closeShared()
  usersOfThis++
  shared ??= open()
  const { running, rows } = await shared
  const user = ++users
  // Eleven digits, as every mobile number.
  const mobileOf = (name: string) => `138${String(user).padStart(3, '0')}${MOBILES[name]?.slice(6)}`
  return createProduct(running, { setting: SETTING, rows, mobileOf, channelNameOf: name => `${name} ${user}` })
}

function open() {
  return openShared(async () => {
    cleanup(async () => {
      shared = undefined
      usersOfThis = 0
    })
    const running = await startInProcess(OFFICE_ENV, { log: silentLog, setting: SETTING, withRealPassword: false })
    return { running, rows: createRowWriter(running.db) }
  })
}
