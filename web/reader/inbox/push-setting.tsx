// A switch in the inbox: notices of this browser while no page is open.

import { useEffect, useState } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { inboxWords as words } from './inbox-words.ts'
import { canPush, endPush, isPushOn, startPush } from './web-push.ts'

export function PushSetting() {
  const [isOn, setOn] = useState<boolean>()
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    if (canPush()) void isPushOn().then(setOn, () => {})
  }, [])
  if (isOn === undefined) return null

  const toggle = async () => {
    setBusy(true)
    try {
      if (isOn) await endPush()
      else if (!(await startPush())) showNotice(words.pushNotAllowed)
    } catch {
      showNotice(words.pushFailed)
    }
    setOn(await isPushOn().catch(() => false))
    setBusy(false)
  }
  return (
    <label className="push-setting">
      {words.push} <input type="checkbox" role="switch" checked={isOn} disabled={isBusy} onChange={() => void toggle()} />
    </label>
  )
}
