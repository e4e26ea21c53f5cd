import type { RedisAddress } from '../../base/redis-url.ts'
import { openClient } from './client.ts'

/** Asks the Sentinels one after another for the master of a group, as the Sentinel client guidelines say. */
export async function findMaster(group: string, { nodes, tls }: RedisAddress): Promise<{ host: string; port: number }> {
  let lastError = new Error('redis: no Sentinel in the address')
  for (const node of nodes) {
    try {
      let found: string[] | null = null
      const sentinel = await openClient({ ...node, tls, name: 'broadsheet' }, async client => {
        found = (await client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', group])) as unknown as string[] | null
      })
      sentinel.destroy()
      const [host, port] = found ?? []
      if (host && port) return { host, port: Number(port) }
      lastError = new Error(`redis: Sentinel does not know the group ${group}`)
    } catch (err) {
      lastError = err as Error
    }
  }
  throw lastError
}
