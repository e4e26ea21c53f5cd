// A list that is ordered by dragging, or with the keyboard: Space takes a channel up, the arrow keys move it, Space puts it down.

import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { arrayMove, SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { useRef } from 'react'
import { IconButton } from '../../shared/icon-button.tsx'
import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import type { Channel } from '../api/types.ts'
import { channelWords as words } from './channel-words.ts'

interface Props {
  channels: Channel[]
  onOrder(channels: Channel[]): void
  /** Undefined where none may be removed. */
  onRemove?: (id: number) => void
}

// A shorter movement is a click.
const DRAG_FROM_PX = 6

export function SortableChannels({ channels, onOrder, onRemove }: Props) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: DRAG_FROM_PX } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const indexOf = (id: unknown) => channels.findIndex(channel => channel.id === id)
  const nameOf = (id: unknown) => channels[indexOf(id)]?.name ?? ''
  const drop = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) onOrder(arrayMove(channels, indexOf(active.id), indexOf(over.id)))
  }
  // A channel that was taken up is over itself first: that says nothing.
  const hasMoved = useRef(false)
  const announcements: Announcements = {
    onDragStart({ active }) {
      hasMoved.current = false
      return words.taken(nameOf(active.id))
    },
    onDragOver({ active, over }) {
      hasMoved.current ||= over?.id !== active.id
      return over && hasMoved.current ? words.movedTo(nameOf(active.id), indexOf(over.id) + 1) : undefined
    },
    onDragEnd: ({ active, over }) => words.put(nameOf(active.id), indexOf(over?.id ?? active.id) + 1),
    onDragCancel: ({ active }) => words.putBack(nameOf(active.id)),
  }
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={drop}
      accessibility={{ announcements, screenReaderInstructions: { draggable: words.howToOrder } }}
    >
      <SortableContext items={channels} strategy={verticalListSortingStrategy}>
        <ol className="sortable" aria-label={words.own}>
          {channels.map(channel => (
            <SortableChannel key={channel.id} channel={channel} onRemove={onRemove} />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  )
}

function SortableChannel({ channel: { id, name }, onRemove }: { channel: Channel; onRemove?: (id: number) => void }) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id })
  return (
    <li ref={setNodeRef} data-dragging={isDragging || undefined} style={{ transform: CSS.Translate.toString(transform), transition }}>
      <button ref={setActivatorNodeRef} type="button" className="round grip" {...attributes} {...listeners} aria-label={words.move(name)}>
        <Icon name="grip" />
      </button>
      <span {...textAttributes(name)}>{name}</span>
      <IconButton icon="close" size={18} label={words.remove(name)} disabled={!onRemove} onClick={() => onRemove?.(id)} />
    </li>
  )
}
