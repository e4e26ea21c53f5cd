// Who is signed in and what they may do. The server decides; screens and buttons that it would refuse are not offered.

import { createContext, type ReactNode, useContext } from 'react'
import type { PermissionCode } from '../../src/base/permissions.ts'
import type { OwnAdministrator } from './api/types.ts'

const Current = createContext<OwnAdministrator | undefined>(undefined)

export const AdministratorProvider = ({ own, children }: { own: OwnAdministrator; children: ReactNode }) => (
  <Current.Provider value={own}>{children}</Current.Provider>
)

export function useAdministrator(): OwnAdministrator {
  const own = useContext(Current)
  if (!own) throw new Error('this part is shown to administrators who are signed in')
  return own
}

export function useCan(): (code: PermissionCode) => boolean {
  const { codes } = useAdministrator()
  return code => codes.includes(code)
}
