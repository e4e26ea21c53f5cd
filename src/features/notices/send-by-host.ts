// Sends messages to many hosts, so that one that does not answer holds up none of the others. Hosts come from subscribers, so
// connections are bounded over all of them, and half are kept for hosts that have proved to be quick.

import { bulkhead } from 'cockatiel'

export interface SenderNeeds<M> {
  hostOf(message: M): string
  send(message: M): Promise<void>
  /** How many messages are under way to one host. */
  atOnce: number
  /** How many are under way to all hosts. */
  atOnceInAll: number
  /** How many quick hosts are remembered, and how many others have messages under way. */
  hostsMax: number
  /** A host that needs longer for a message is left behind. */
  slowMs: number
}

/**
 * The returned function resolves when the hosts have their messages. One that was left behind gets the rest of them in the
 * background, and none of later calls until then. Beyond `hostsMax` hosts that are not known to be quick, messages are dropped.
 */
export function createHostSender<M>(needs: SenderNeeds<M>): (messages: M[]) => Promise<void> {
  const { hostOf, send, atOnce, atOnceInAll, hostsMax, slowMs } = needs
  /** Between calls these are the hosts that were left behind. */
  const underWay = new Set<string>()
  /** Those that took less than `slowMs` for each of their last messages, the latest last. */
  const quick = new Set<string>()
  const quickTurns = bulkhead(atOnceInAll / 2, Number.POSITIVE_INFINITY)
  const otherTurns = bulkhead(atOnceInAll / 2, Number.POSITIVE_INFINITY)

  const isAdmitted = (host: string) => !underWay.has(host) && (quick.has(host) || underWay.difference(quick).size < hostsMax)

  function noteQuick(host: string): void {
    quick.delete(host)
    quick.add(host)
    const [oldest] = quick
    if (quick.size > hostsMax) quick.delete(oldest as string)
  }

  async function sendTo(host: string, messages: M[]): Promise<void> {
    if (!isAdmitted(host)) return
    underWay.add(host)
    const slow = Promise.withResolvers<'slow'>()
    const leaveBehind = () => {
      quick.delete(host)
      slow.resolve('slow')
    }
    const waiting = [...messages]
    const sendNext = async () => {
      for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
        const next = message
        const timer = setTimeout(leaveBehind, slowMs) // also while it waits for its turn
        const turns = quick.has(host) ? quickTurns : otherTurns
        await turns.execute(() => send(next)).finally(() => clearTimeout(timer))
      }
    }
    const senders = Array.from({ length: Math.min(atOnce, messages.length) }, sendNext)
    void Promise.allSettled(senders).then(() => underWay.delete(host))
    if ((await Promise.race([settleAll(senders), slow.promise])) !== 'slow') noteQuick(host)
  }

  return async messages => {
    await settleAll([...Map.groupBy(messages, hostOf)].map(([host, some]) => sendTo(host, some)))
  }
}

/** A batch that fails is sent again, also to hosts whose messages were still under way. So it fails only when none are. */
async function settleAll(promises: Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(promises)) if (outcome.status === 'rejected') throw outcome.reason
}
