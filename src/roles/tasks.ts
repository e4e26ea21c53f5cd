// Runs the background tasks of this process's roles. A task never runs twice at the same time: the pause begins when a run
// has ended.

import type { Log } from '../base/log.ts'
import type { Role } from '../base/role.ts'
import type { Task } from '../base/task.ts'
import { createWakeableSleep } from '../base/wakeable-sleep.ts'
import type { Notifications } from '../engines/log/notifications.ts'

interface TaskNeeds {
  tasks: Task[]
  roles: Set<Role>
  notifications: Pick<Notifications, 'on'>
  log: Log
}

/** Returns a function that stops all tasks and waits for the runs that are under way. */
export function runTasks({ tasks, roles, notifications, log }: TaskNeeds): () => Promise<void> {
  const stops = tasks.filter(task => roles.has(task.role)).map(task => repeat(task, notifications, log.child({ task: task.name })))
  return async () => void (await Promise.all(stops.map(stop => stop())))
}

/**
 * After a notification a task runs at its usual interval for so long: what was notified may only become readable when an older
 * transaction ends, and that end sends no notification.
 */
const ACTIVE_MS = 10_000

function repeat(
  { intervalMs, idleIntervalMs = intervalMs, notifications: channels = [], run }: Task,
  notifications: TaskNeeds['notifications'],
  log: Log,
): () => Promise<void> {
  const { sleep, wake } = createWakeableSleep()
  let notifiedAt = performance.now() // the first runs catch up
  for (const channel of channels)
    notifications.on(channel, () => {
      notifiedAt = performance.now()
      wake()
    })
  const runLogged = withFailureLog(run, log)
  let stopped = false
  const ended = (async () => {
    while (!stopped) {
      await runLogged()
      if (!stopped) await sleep(performance.now() - notifiedAt < ACTIVE_MS ? intervalMs : idleIntervalMs)
    }
  })()
  return () => {
    stopped = true
    wake()
    return ended
  }
}

/** Logs a failure once, not each time it repeats, and its end. A run that the end of the process aborted has not failed. */
function withFailureLog(run: () => Promise<void>, log: Log): () => Promise<void> {
  let logged = ''
  return () =>
    run().then(
      () => {
        if (logged) log.info('task works again')
        logged = ''
      },
      err => {
        if (err.name === 'AbortError') return
        if (err.message !== logged) log.warn({ err }, 'task failed and will be retried')
        logged = err.message
      },
    )
}
