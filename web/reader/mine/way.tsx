import { Icon, type IconName } from '../../shared/icons.tsx'
import { Link } from '../../shared/router.tsx'

/** A row of a list of ways to other screens. */
export const Way = ({ href, icon, name }: { href: string; icon: IconName; name: string }) => (
  <Link href={href}>
    <Icon name={icon} />
    {name}
    <Icon name="next" size={16} />
  </Link>
)
