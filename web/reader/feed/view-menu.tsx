import type { MenuItem } from '../../shared/menu.tsx'
import { DisplayMenu } from '../display-menu.tsx'
import { words } from '../words.ts'
import { chooseDensity, type Density, useDensity } from './density.ts'

const DENSITIES: Density[] = ['comfortable', 'compact']

/** For phones: a larger screen has room for both densities. */
export function ViewMenu() {
  const density = useDensity()
  const choices = (): MenuItem[] =>
    DENSITIES.map(each => ({ group: words.density, label: words[each], isChosen: each === density, run: () => chooseDensity(each) }))
  return <DisplayMenu choices={choices} />
}
