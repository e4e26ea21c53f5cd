import type { GroupTree } from '../api/types.ts'
import { administrationWords as words } from './administration-words.ts'

export type Node = GroupTree['permission_tree'][number]

interface Props {
  tree: Node[]
  checked: Set<number>
  onChange: (checked: Set<number>) => void
  isReadOnly: boolean
}

/** A box with boxes below it checks or clears all of them. */
export function PermissionTree({ tree, checked, onChange, isReadOnly }: Props) {
  const toggle = (node: Node) => {
    const ids = idsOf(node)
    const next = new Set(checked)
    for (const id of ids)
      if (checked.has(node.permission_id)) next.delete(id)
      else next.add(id)
    onChange(next)
  }
  const rows = (nodes: Node[]) => (
    <ul>
      {nodes.map(node => (
        <li key={node.permission_id}>
          <label>
            <input type="checkbox" disabled={isReadOnly} checked={checked.has(node.permission_id)} onChange={() => toggle(node)} />{' '}
            {node.name} <code>{node.code}</code>
          </label>
          {node.children.length > 0 && rows(node.children)}
        </li>
      ))}
    </ul>
  )
  return (
    <fieldset className="permissions">
      <legend>{words.permissions}</legend>
      {rows(tree)}
    </fieldset>
  )
}

const idsOf = (node: Node): number[] => [node.permission_id, ...node.children.flatMap(idsOf)]
