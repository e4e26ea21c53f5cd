import { sharedWords as words } from '../words.ts'

const MOBILE = /^1[3-9]\d{9}$/
export const isMobile = (text: string): boolean => MOBILE.test(text)
export const isWrongMobile = (text: string): boolean => text.length === 11 && !isMobile(text)

export function MobileField({
  label = words.mobile,
  mobile,
  onChange,
}: {
  label?: string
  mobile: string
  onChange: (mobile: string) => void
}) {
  return (
    <label>
      {label}
      <input
        type="tel"
        inputMode="numeric"
        autoComplete="tel-national"
        maxLength={11}
        required
        value={mobile}
        onChange={event => onChange(event.target.value.replace(/\D/g, ''))}
        aria-invalid={isWrongMobile(mobile)}
      />
    </label>
  )
}
