// Runs what goes on beside requests. Each task runs alone: the next turn begins after the last one ended.

import type { Log } from '../base/log.ts'
import type { Role } from '../base/role.ts'
import type { Task } from '../base/task.ts'
import type { Wakes } from '../engines/log/wake.ts'

type On = Pick<Wakes, 'on'>

export function runTasks({ tasks, roles, wakes, log }: { tasks: Task[]; roles: Set<Role>; wakes: On; log: Log }): () => Promise<void> {
  const stops = tasks.filter(task => roles.has(task.role)).map(task => loop(task, wakes, log.child({ task: task.name })))
  return async () => void (await Promise.all(stops.map(stop => stop())))
}

function loop({ intervalMs, notifications: channels = [], run }: Task, wakes: On, log: Log): () => Promise<void> {
  let stopped = false
  let again = false
  let resume: (() => void) | undefined
  for (const channel of channels)
    wakes.on(channel, () => {
      again = true
      resume?.()
    })
  // A failure is told once, with where it came from, however often it is met.
  let told = ''
  const once = () =>
    run().then(
      () => {
        if (told) log.info('task is well again')
        told = ''
      },
      err => {
        if (err.message !== told) log.warn({ err }, 'task failed and is tried again')
        told = err.message
      },
    )
  const ended = (async () => {
    while (!stopped) {
      again = false
      await once()
      if (again || stopped) continue
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, intervalMs)
        resume = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return () => {
    stopped = true
    resume?.()
    return ended
  }
}
