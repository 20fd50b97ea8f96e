/** Rows of cuts that are dragged into another order, by pointer or by keyboard. Loaded when there are cuts to sort. */
import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  type Modifier,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { useActions } from '../store/context.tsx';
import { CutRow, type CutRowProps } from './CutRow.tsx';

/** Rows move up and down only. */
const vertical: Modifier = ({ transform }) => ({ ...transform, x: 0 });

const INSTRUCTIONS = {
  draggable: 'Press space to pick up the cut, the arrow keys to move it, space to put it down, and escape to leave it.',
};

/** The rows of the cuts, in order; `rows` are the properties of each. */
export default function SortableCuts({ rows }: { rows: (CutRowProps & { name: string })[] }) {
  const { edit } = useActions();
  const names = rows.map(({ name }) => name);
  // A click on the handle is no drag.
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const drop = ({ active, over }: DragEndEvent) => {
    const to = over ? names.indexOf(String(over.id)) : -1;
    if (to >= 0 && active.id !== over?.id) edit([{ kind: 'moveCut', name: String(active.id), to }]);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      modifiers={[vertical]}
      onDragEnd={drop}
      accessibility={{
        announcements: announcementsOf(names),
        screenReaderInstructions: INSTRUCTIONS,
        container: document.body,
      }}
    >
      <SortableContext items={names} strategy={verticalListSortingStrategy}>
        {rows.map(({ name, ...row }) => (
          <SortableRow key={name} name={name} {...row} />
        ))}
      </SortableContext>
    </DndContext>
  );
}

function SortableRow({ name, ...row }: CutRowProps & { name: string }) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id: name,
    attributes: { roleDescription: 'cut that can be moved' },
  });
  const style = {
    transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined,
    transition,
  };
  return (
    <CutRow
      {...row}
      drag={{
        ref: setNodeRef,
        style,
        active: isDragging,
        handle: { ref: setActivatorNodeRef, ...attributes, ...listeners },
      }}
    />
  );
}

/** What a screen reader says of a drag. */
function announcementsOf(names: readonly string[]): Announcements {
  const place = (id: string | number) => `${names.indexOf(String(id)) + 1} of ${names.length}`;
  return {
    onDragStart: ({ active }) => `Picked up ${active.id}, cut ${place(active.id)}.`,
    onDragOver: ({ active, over }) =>
      // Right after it was picked up a cut is over itself: that would drown the words before.
      over && over.id !== active.id ? `${active.id} would be cut ${place(over.id)}.` : undefined,
    onDragEnd: ({ active, over }) =>
      over ? `${active.id} is cut ${place(over.id)} now.` : `${active.id} stays where it was.`,
    onDragCancel: ({ active }) => `${active.id} stays where it was.`,
  };
}
