// Sends messages to many hosts, so that one that does not answer holds up none of the others.

export interface SenderNeeds<M> {
  hostOf(message: M): string
  send(message: M): Promise<void>
  /** How many messages are under way to one host. */
  atOnce: number
  /** A host that needs longer for a message is left behind. */
  slowMs: number
}

/**
 * The returned function resolves when the hosts have their messages. One that was left behind gets the rest of them in the
 * background, and none of later calls until then.
 */
export function createHostSender<M>({ hostOf, send, atOnce, slowMs }: SenderNeeds<M>): (messages: M[]) => Promise<void> {
  const leftBehind = new Set<string>()

  async function sendTo(host: string, messages: M[]): Promise<void> {
    if (leftBehind.has(host)) return
    const slow = Promise.withResolvers<void>()
    const waiting = [...messages]
    const sendNext = async () => {
      for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
        const timer = setTimeout(slow.resolve, slowMs)
        await send(message).finally(() => clearTimeout(timer))
      }
    }
    const senders = Array.from({ length: atOnce }, sendNext)
    void slow.promise.then(() => leftBehind.add(host))
    void Promise.allSettled(senders).then(() => leftBehind.delete(host))
    await Promise.race([Promise.all(senders), slow.promise])
  }

  return async messages => {
    await Promise.all([...Map.groupBy(messages, hostOf)].map(([host, some]) => sendTo(host, some)))
  }
}
