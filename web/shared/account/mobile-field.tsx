import { FormField } from '../form-field.tsx'
import { sharedWords as words } from '../words.ts'

const MOBILE = /^1[3-9]\d{9}$/
export const isMobile = (text: string): boolean => MOBILE.test(text)
const isWrongMobile = (text: string): boolean => text.length === 11 && !isMobile(text)

export function MobileField({
  label = words.mobile,
  mobile,
  onChange,
  isAsked = false,
}: {
  label?: string
  mobile: string
  onChange: (mobile: string) => void
  /** Says what is missing also while the number is too short. */
  isAsked?: boolean
}) {
  const isWrong = isWrongMobile(mobile) || (isAsked && !isMobile(mobile))
  return (
    <FormField label={label} error={isWrong ? words.wrongMobile : undefined}>
      {attributes => (
        <input
          {...attributes}
          type="tel"
          inputMode="numeric"
          autoComplete="tel-national"
          maxLength={11}
          required
          value={mobile}
          onChange={event => onChange(event.target.value.replace(/\D/g, ''))}
        />
      )}
    </FormField>
  )
}
